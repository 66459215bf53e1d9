package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The database that holds all metadata. */
public interface DatabaseConfig {
  /**
   * JDBC address of a PostgreSQL 15 or newer, such as {@code
   * jdbc:postgresql://db.example:5432/entrepot}. When absent, the server runs a PostgreSQL of its
   * own in the data directory.
   */
  Optional<String> url();

  /** User of the external database, who owns its schema. */
  Optional<String> username();

  /** Password of that user. */
  Optional<String> password();

  /**
   * The most connections at once. Two of them are kept for reading what other servers change.
   * Multiply by the number of servers, and stay below what the database allows.
   */
  @WithDefault("16")
  int poolSize();

  /** Time that a request waits for a connection before it is answered with 503. */
  @WithDefault("5s")
  Duration acquireTimeout();

  /**
   * Requests that may wait for a connection at once; further ones are answered with 503 at once.
   */
  @WithDefault("1000")
  int maxWaiting();

  /** Time that one statement may take before it is given up and answered with 503. */
  @WithDefault("30s")
  Duration statementTimeout();

  /**
   * How often a transaction is run at most, when the database rolls it back to break a deadlock or
   * its connection is lost before the commit.
   */
  @WithDefault("6")
  int maxAttempts();

  /** What clients are told to wait, in {@code Retry-After}, while the database is away. */
  @WithDefault("2s")
  Duration retryAfter();

  /** The PostgreSQL that the server runs itself. */
  EmbeddedDatabaseConfig embedded();
}
