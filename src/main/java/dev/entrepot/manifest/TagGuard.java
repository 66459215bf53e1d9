package dev.entrepot.manifest;

import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * Keeps tags as they are. The core declares it and asks in the transaction that moves or deletes
 * tags; whoever knows the rules fulfils it. Tags that come into being, or that are pushed again to
 * where they point, are not asked about.
 */
public interface TagGuard {
  /**
   * Returns when all of these tags may be moved or deleted. A rule that is made meanwhile is either
   * heeded, or is not in force before this transaction ends.
   *
   * @param tags whose rows the transaction has locked; not empty
   * @throws dev.entrepot.error.RegistryException DENIED naming a tag that may not, and the rule
   */
  void check(Connection transaction, RepositoryId repository, Collection<TagName> tags)
      throws SQLException;
}
