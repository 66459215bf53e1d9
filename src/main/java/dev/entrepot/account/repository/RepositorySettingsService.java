package dev.entrepot.account.repository;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.row.RepositoryReadmeRow;
import dev.entrepot.account.row.RepositoryReadmeRows;
import dev.entrepot.account.row.RepositoryRow;
import dev.entrepot.account.row.RepositoryRows;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Trail;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.trash.RepositoryTrash;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.hibernate.Session;

/** The settings of repositories. A repository comes into being with a push, not here. */
@Singleton
@Transactional
public class RepositorySettingsService {
  private final RepositoryRows repositories;
  private final RepositoryReadmeRows readmes;
  private final AccessChanges changes;
  private final Trail trail;
  private final RepositoryTrash trash;
  private final EntityManager entities;

  RepositorySettingsService(
      RepositoryRows repositories,
      RepositoryReadmeRows readmes,
      AccessChanges changes,
      Trail trail,
      RepositoryTrash trash,
      EntityManager entities) {
    this.trail = trail;
    this.trash = trash;
    this.entities = entities;
    this.repositories = repositories;
    this.readmes = readmes;
    this.changes = changes;
  }

  /** Those of the names that there are, by name. */
  public List<ManagedRepository> list(List<String> names) {
    return repositories.find("name in ?1 order by name", names).stream()
        .map(RepositorySettingsService::shown)
        .toList();
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
    RepositorySettings after =
        change.apply(
            new RepositorySettings(
                row.description, row.labels, row.visibility, row.quotaBytes, row.untagged));
    int hidden = after.visibility().compareTo(row.visibility);
    row.description = after.description();
    row.labels = after.labels();
    row.visibility = after.visibility();
    row.quotaBytes = after.quotaBytes();
    row.untagged = after.untagged();
    if (hidden > 0) { // tokens may hold what their owners may not do any more
      changes.record(AccessChange.repository(row.name));
    }
    if (hidden != 0) {
      changes.record(AccessChange.RIGHTS);
    }
    trail.recordIn(
        row.name,
        AuditKind.REPOSITORY_CHANGE,
        null,
        Map.of(
            "visibility", after.visibility().text(),
            "quota", String.valueOf(after.quotaBytes()),
            "untagged", String.valueOf(after.untagged())));
    return shown(row);
  }

  /**
   * Deletes a repository, to the trash where there is one. Tokens that hold it are good for nothing
   * in another one of its name.
   *
   * @return its name, to be told after the commit
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public RepositoryName delete(String name, IfMatch condition, Actor actor) {
    RepositoryRow row = row(name, LockModeType.PESSIMISTIC_WRITE);
    condition.require(shown(row));
    entities.unwrap(Session.class).doWork(connection -> trash.delete(connection, row.name, actor));
    changes.record(AccessChange.repository(row.name));
    changes.record(AccessChange.RIGHTS);
    trail.recordIn(row.name, AuditKind.REPOSITORY_DELETE, null, Map.of());
    return new RepositoryName(row.name);
  }

  /**
   * The README.
   *
   * @throws ProblemException NOT_FOUND when there is none
   */
  public Readme getReadme(String name) {
    RepositoryReadmeRow readme = readmes.findById(row(name).id);
    if (readme == null) {
      throw noReadme();
    }
    return shown(readme);
  }

  /**
   * Writes the README, or another one.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public Readme putReadme(String name, String markdown, IfMatch condition) {
    RepositoryRow row = row(name, LockModeType.PESSIMISTIC_WRITE);
    RepositoryReadmeRow readme = readmes.findById(row.id);
    condition.require(readme == null ? null : shown(readme));
    if (readme == null) {
      readme = new RepositoryReadmeRow();
      readme.repositoryId = row.id;
    }
    readme.markdown = markdown;
    readmes.persistAndFlush(readme);
    trail.recordIn(
        row.name, AuditKind.REPOSITORY_README, null, Map.of("characters", markdown.length()));
    return shown(readme);
  }

  /**
   * Removes the README.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public void deleteReadme(String name, IfMatch condition) {
    RepositoryRow row = row(name, LockModeType.PESSIMISTIC_WRITE);
    RepositoryReadmeRow readme = readmes.findById(row.id);
    if (readme == null) {
      throw noReadme();
    }
    condition.require(shown(readme));
    readmes.delete(readme);
    trail.recordIn(row.name, AuditKind.REPOSITORY_README, null, Map.of("removed", true));
  }

  /** The row of a name. */
  public RepositoryRow row(String name) {
    return row(name, LockModeType.NONE);
  }

  /** The name of a row. */
  public String name(long id) {
    return repositories.findById(id).name;
  }

  private RepositoryRow row(String name, LockModeType lock) {
    String canonical = RepositoryName.tryParse(name).map(RepositoryName::value).orElse("");
    return repositories
        .find("name", canonical)
        .withLock(lock)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such repository"));
  }

  private static ProblemException noReadme() {
    return Problem.NOT_FOUND.with("The repository has no README");
  }

  private static Readme shown(RepositoryReadmeRow row) {
    return new Readme(row.markdown);
  }

  private static ManagedRepository shown(RepositoryRow row) {
    return new ManagedRepository(
        row.name,
        row.description,
        new TreeMap<>(row.labels),
        row.visibility,
        row.quotaBytes,
        row.untagged,
        row.createdAt);
  }
}
