package dev.entrepot.database.embedded;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How to run the embedded PostgreSQL.
 *
 * @param directory holds the cluster, its password file and its log; created when absent. One
 *     process at a time may use it: the caller holds a lock.
 * @param binaries where the unpacked programs live, one folder per version; may be shared by
 *     several clusters and processes
 * @param startTimeout how long a start may take before it is given up, crash recovery included
 * @param stopTimeout how long a clean shutdown may take before PostgreSQL is stopped without its
 *     final checkpoint (nothing is lost: the next start replays the log)
 * @param sharedBuffers PostgreSQL's own page cache, in its notation, for example {@code 64MB}
 * @param maxConnections the most connections at once
 */
public record EmbeddedPostgresOptions(
    Path directory,
    Path binaries,
    Duration startTimeout,
    Duration stopTimeout,
    String sharedBuffers,
    int maxConnections) {

  /** The defaults, with everything below {@code directory}. */
  public static EmbeddedPostgresOptions in(Path directory) {
    return new EmbeddedPostgresOptions(
        directory,
        directory.resolve("programs"),
        Duration.ofMinutes(10),
        Duration.ofSeconds(60),
        "64MB",
        100);
  }

  /** The same with the programs unpacked elsewhere. */
  public EmbeddedPostgresOptions withBinaries(Path elsewhere) {
    return new EmbeddedPostgresOptions(
        directory, elsewhere, startTimeout, stopTimeout, sharedBuffers, maxConnections);
  }
}
