package dev.entrepot.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/**
 * All settings. Each is also a variable: {@code entrepot.http.port} is {@code ENTREPOT_HTTP_PORT}.
 */
@ConfigMapping(prefix = "entrepot")
public interface EntrepotConfig {
  /**
   * Directory for everything the server keeps: the embedded database, blobs of the filesystem
   * adapter, logs.
   */
  @WithDefault("${user.home}/.entrepot")
  Path dataDir();

  /** Listening, TLS, connections. */
  HttpConfig http();

  /** The database that holds all metadata. */
  DatabaseConfig database();

  /** Where the bytes of blobs are kept. */
  StorageConfig storage();

  /** Reading stored bytes again, to find those that are lost or not what they were. */
  ScrubConfig scrub();

  /** What of the database is written to the store, so that it can be rebuilt from there. */
  JournalConfig journal();

  /** Taking over what another registry keeps. */
  AdoptConfig adopt();

  /** Who may do what. */
  AuthConfig auth();

  /** Repositories. */
  RepositoryConfig repository();

  /** Uploads of blobs. */
  UploadConfig upload();

  /** How often callers may ask. */
  RateLimitConfig rateLimit();

  /** Quotas. */
  QuotaConfig quota();

  /** Manifests. */
  ManifestConfig manifest();

  /** Lists of tags, repositories and referrers. */
  ListingConfig listing();

  /** The history of tags. */
  TagHistoryConfig tagHistory();

  /** Clean-up of what nobody needs. */
  GcConfig gc();

  /** What was deleted and can be restored. */
  TrashConfig trash();

  /** The audit log. */
  AuditConfig audit();

  /** Answers kept in memory. */
  CacheConfig cache();

  /** The log of requests. */
  AccessLogConfig accessLog();
}
