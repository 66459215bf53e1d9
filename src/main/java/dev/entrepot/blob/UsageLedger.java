package dev.entrepot.blob;

import dev.entrepot.oci.RepositoryName;
import dev.entrepot.repository.RepositoryId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Counts the bytes that repositories hold, and keeps them within their quotas. The core declares
 * it; whoever knows the quotas fulfils it.
 */
public interface UsageLedger {
  /**
   * Keeps room for what an upload has brought or is going to bring, in a transaction of its own,
   * until {@link #release} or with time. Once more for the same upload replaces what was kept for
   * it. Of several at once none gets room that another has got. Where no quota applies, nothing is
   * written.
   *
   * @param repository where the blob is to go; need not exist yet
   * @param bytes all of the upload's, not only further ones; what is less than before is not
   *     refused
   * @return whether there is something to release
   * @throws dev.entrepot.error.RegistryException DENIED with the numbers, when a quota has no room
   *     left; what was kept before stays
   */
  boolean reserve(UUID upload, RepositoryName repository, long bytes);

  /** Gives up the room kept for an upload; nothing happens when there is none. */
  void release(UUID upload);

  /** The same in the transaction that makes the upload a blob. */
  void release(Connection transaction, UUID upload) throws SQLException;

  /**
   * Counts a blob that the transaction adds to, or takes from, a repository. Never refuses and
   * never waits for another one that counts.
   *
   * @param bytes its size; negative for one that goes
   */
  void count(Connection transaction, RepositoryId repository, long bytes) throws SQLException;
}
