package dev.entrepot.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.entrepot.blob.UsageLedger;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryId;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Counts by rows that are only added, and lets uploads in by reservations: only those who reserve
 * where there is a quota wait for each other, and never for a disk.
 */
@Singleton
public class Usage implements UsageLedger {
  private static final int KNOWN_WITHOUT_QUOTA = 100_000;

  /** How soon a new quota holds on servers that have just seen that there is none. */
  private static final Duration MAX_AGE = Duration.ofSeconds(1);

  private final Database database;
  private final MeterRegistry metrics;
  private final Duration expiry;
  private final Cache<RepositoryName, Boolean> withoutQuota =
      Caffeine.newBuilder().maximumSize(KNOWN_WITHOUT_QUOTA).expireAfterWrite(MAX_AGE).build();

  public Usage(Database database, EntrepotConfig config, MeterRegistry metrics) {
    this.database = database;
    this.metrics = metrics;
    this.expiry = config.upload().expiry();
  }

  @Override
  public boolean reserve(UUID upload, RepositoryName repository, long bytes) {
    if (withoutQuota.getIfPresent(repository) != null) {
      return false;
    }
    boolean applies = database.read(connection -> UsageRows.limits(connection, repository).exist());
    if (!applies) {
      withoutQuota.put(repository, true);
      return false;
    }
    return database.transact(transaction -> reserve(transaction, upload, repository, bytes));
  }

  private boolean reserve(
      Connection transaction, UUID upload, RepositoryName repository, long bytes)
      throws SQLException {
    // A reservation lost in a crash of the database costs nothing: its upload asks again.
    Sql.update(transaction, "SET LOCAL synchronous_commit = off");
    UsageRows.lock(transaction, repository);
    UsageRows.Limits limits = UsageRows.limits(transaction, repository);
    UsageRows.There there = UsageRows.there(transaction, repository, limits, upload);
    long more = bytes - there.byUpload();
    for (Scope scope : there.scopes()) {
      if (more > 0 && !scope.hasRoomFor(more)) {
        throw denied(scope, more);
      }
    }
    UsageRows.reserve(transaction, upload, repository, bytes, expiry);
    return true;
  }

  @Override
  public void release(UUID upload) {
    database.read(
        connection -> {
          UsageRows.release(connection, upload);
          return true;
        });
  }

  @Override
  public void release(Connection transaction, UUID upload) throws SQLException {
    UsageRows.release(transaction, upload);
  }

  @Override
  public void count(Connection transaction, RepositoryId repository, long bytes)
      throws SQLException {
    if (bytes != 0) {
      UsageRows.count(transaction, repository, bytes);
    }
  }

  private RegistryException denied(Scope scope, long asked) {
    metrics.counter("entrepot.quota.refused", "quota", scope.kind()).increment();
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put(scope.kind(), scope.name());
    detail.put("limit", scope.limit());
    detail.put("used", scope.used());
    detail.put("reserved", scope.reserved());
    detail.put("asked", asked);
    return new RegistryException(
        ErrorCode.DENIED,
        "the quota of %s %s is %d bytes: %d are used, %d are being uploaded, %d more do not fit"
            .formatted(
                scope.kind(), scope.name(), scope.limit(), scope.used(), scope.reserved(), asked),
        detail);
  }
}
