package dev.entrepot.manifest;

import dev.entrepot.event.ContentEvent;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.storage.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What happens to tags in the transactions that push and delete manifests. The core declares it;
 * the feature that keeps the tags fulfils it.
 *
 * <p>The caller holds the manifest's row locked, so that it neither comes nor goes meanwhile.
 */
public interface TagPointers {
  /**
   * Points the push's tags to a manifest and writes the history of those that pointed elsewhere.
   *
   * @return the tags that pointed elsewhere, to be told after the commit
   * @throws dev.entrepot.error.RegistryException PRECONDITION_FAILED when the push's precondition
   *     does not hold of one of the tags, DENIED when the push may not move tags and would, or a
   *     rule keeps one of them
   */
  List<ContentEvent.TagMoved> point(
      Connection transaction, RepositoryId repository, ManifestPush push, Digest to)
      throws SQLException;

  /**
   * Deletes the tags that point to a manifest, with their history.
   *
   * @return the tags, to be told after the commit
   * @throws dev.entrepot.error.RegistryException DENIED when a rule keeps one of them
   */
  List<ContentEvent.TagMoved> drop(
      Connection transaction, RepositoryId repository, ManifestDeletion deletion)
      throws SQLException;
}
