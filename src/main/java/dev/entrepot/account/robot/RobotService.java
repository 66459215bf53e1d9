package dev.entrepot.account.robot;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.Names;
import dev.entrepot.account.organisation.OrganisationService;
import dev.entrepot.account.row.Clock;
import dev.entrepot.account.row.RobotRow;
import dev.entrepot.account.row.RobotRows;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Trail;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The robots of organisations. A robot can do what it is granted, and nothing else. */
@Singleton
@Transactional
public class RobotService {
  private final RobotRows robots;
  private final OrganisationService organisations;
  private final AccessChanges changes;
  private final Trail trail;

  RobotService(
      RobotRows robots, OrganisationService organisations, AccessChanges changes, Trail trail) {
    this.trail = trail;
    this.robots = robots;
    this.organisations = organisations;
    this.changes = changes;
  }

  /** Robots in the order of their names, which {@code after} is one of, without organisation. */
  public List<Robot> list(String organisation, String after, int limit) {
    return robots
        .find(
            "organisationId = ?1 and name > ?2 order by name",
            organisations.row(organisation).id,
            fullName(organisation, after))
        .page(0, limit)
        .stream()
        .map(RobotService::shown)
        .toList();
  }

  /**
   * The robot of a name.
   *
   * @throws ProblemException NOT_FOUND
   */
  public Robot get(String organisation, String name) {
    return shown(row(organisation, name, LockModeType.NONE));
  }

  /**
   * Makes a robot without secrets and grants.
   *
   * @throws ProblemException NOT_FOUND for the organisation; CONFLICT when there is one
   */
  public Robot create(
      String organisation, String name, String description, @Nullable Instant expiresAt) {
    Names.checkAccount(name);
    var row = new RobotRow();
    row.organisationId = organisations.row(organisation).id;
    row.name = fullName(organisation, name);
    row.description = description;
    row.expiresAt = expiresAt;
    robots.persistAndFlush(row);
    trail.recordBelow(organisation, AuditKind.ROBOT_CREATE, row.name, Map.of());
    return shown(row);
  }

  /**
   * Changes the settings.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public Robot change(
      String organisation, String name, UnaryOperator<RobotSettings> change, IfMatch condition) {
    RobotRow row = row(organisation, name, LockModeType.PESSIMISTIC_WRITE);
    condition.require(shown(row));
    boolean was = row.disabledAt != null;
    var before = new RobotSettings(row.description, row.expiresAt, was);
    RobotSettings after = change.apply(before);
    row.description = after.description();
    row.expiresAt = after.expiresAt();
    if (was != after.disabled()) {
      row.disabledAt = after.disabled() ? Clock.now() : null;
    }
    changes.record(takesAway(before, after) ? AccessChange.robot(row.id) : AccessChange.RIGHTS);
    trail.recordBelow(
        organisation, AuditKind.ROBOT_CHANGE, row.name, Map.of("disabled", after.disabled()));
    return shown(row);
  }

  /** Whether the robot may hold tokens that are good for longer than it is. */
  private static boolean takesAway(RobotSettings before, RobotSettings after) {
    boolean sooner =
        after.expiresAt() != null
            && (before.expiresAt() == null || after.expiresAt().isBefore(before.expiresAt()));
    return sooner || !before.disabled() && after.disabled();
  }

  /**
   * Removes a robot with its secrets and grants.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public void delete(String organisation, String name, IfMatch condition) {
    RobotRow row = row(organisation, name, LockModeType.PESSIMISTIC_WRITE);
    condition.require(shown(row));
    changes.record(AccessChange.robot(row.id));
    robots.delete(row);
    trail.recordBelow(organisation, AuditKind.ROBOT_DELETE, row.name, Map.of());
  }

  private RobotRow row(String organisation, String name, LockModeType lock) {
    return robots
        .find(
            "organisationId = ?1 and name = ?2",
            organisations.row(organisation).id,
            fullName(organisation, name))
        .withLock(lock)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such robot"));
  }

  private static String fullName(String organisation, String name) {
    return organisation + "+" + name;
  }

  private static Robot shown(RobotRow row) {
    return new Robot(
        row.id, row.name, row.description, row.expiresAt, row.disabledAt != null, row.createdAt);
  }
}
