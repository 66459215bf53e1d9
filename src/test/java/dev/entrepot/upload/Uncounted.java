package dev.entrepot.upload;

import dev.entrepot.blob.UsageLedger;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryId;
import java.sql.Connection;
import java.util.UUID;

/** No quotas, and nobody who counts. */
final class Uncounted implements UsageLedger {
  @Override
  public boolean reserve(UUID upload, RepositoryName repository, long bytes) {
    return false;
  }

  @Override
  public void release(UUID upload) {}

  @Override
  public void release(Connection transaction, UUID upload) {}

  @Override
  public void count(Connection transaction, RepositoryId repository, long bytes) {}
}
