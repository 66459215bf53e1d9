package dev.entrepot.account.repository;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.row.RepositoryRow;
import dev.entrepot.account.row.RepositoryRows;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.oci.RepositoryName;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.function.UnaryOperator;

/** The settings of repositories. A repository comes into being with a push, not here. */
@Singleton
@Transactional
public class RepositorySettingsService {
  private final RepositoryRows repositories;
  private final AccessChanges changes;

  RepositorySettingsService(RepositoryRows repositories, AccessChanges changes) {
    this.repositories = repositories;
    this.changes = changes;
  }

  /**
   * The settings of a repository.
   *
   * @throws ProblemException NOT_FOUND
   */
  public ManagedRepository get(String name) {
    return shown(row(name));
  }

  /**
   * Changes the settings.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public ManagedRepository change(
      String name, UnaryOperator<RepositorySettings> change, IfMatch condition) {
    RepositoryRow row = row(name, LockModeType.PESSIMISTIC_WRITE);
    condition.require(shown(row));
    RepositorySettings before = new RepositorySettings(row.visibility, row.quotaBytes);
    RepositorySettings after = change.apply(before);
    row.visibility = after.visibility();
    row.quotaBytes = after.quotaBytes();
    if (after.visibility() != before.visibility()) {
      changes.record(AccessChange.repository(row.name));
      changes.record(AccessChange.RIGHTS);
    }
    return shown(row);
  }

  /** The row of a name. */
  public RepositoryRow row(String name) {
    return row(name, LockModeType.NONE);
  }

  private RepositoryRow row(String name, LockModeType lock) {
    String canonical = RepositoryName.tryParse(name).map(RepositoryName::value).orElse("");
    return repositories
        .find("name", canonical)
        .withLock(lock)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such repository"));
  }

  private static ManagedRepository shown(RepositoryRow row) {
    return new ManagedRepository(row.name, row.visibility, row.quotaBytes, row.createdAt);
  }
}
