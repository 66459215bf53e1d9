package dev.entrepot.accounts;

import dev.entrepot.accounts.RightsTable.Row;
import org.jspecify.annotations.Nullable;

/**
 * Those who ask in the rights table. All rows share them, so that what is given to somebody in one
 * repository would show if it counted in another.
 *
 * @param closed an organisation in which they have no role
 * @param open an organisation in which they may make repositories
 * @param closedRobot a robot of {@code closed}
 * @param openRobot a robot of {@code open}
 */
record RightsActors(
    String closed,
    String open,
    Login user,
    Login closedRobot,
    Login openRobot,
    Login administrator) {

  static RightsActors create(Accounts accounts) {
    String closed = accounts.newOrganisation(Accounts.ADMINISTRATOR);
    String open = accounts.newOrganisation(Accounts.ADMINISTRATOR);
    Login user = accounts.newUser();
    accounts.letMembersCreate(open);
    accounts.addMember(open, user);
    Login openRobot = accounts.newRobot(open);
    accounts.grantInOrganisation(open, openRobot, "write");
    return new RightsActors(
        closed, open, user, accounts.newRobot(closed), openRobot, accounts.newAdministrator());
  }

  /** A new name in the organisation that the row is about. */
  String newRepository(Row row) {
    return (row.mayCreate() ? open : closed) + "/" + Accounts.newName();
  }

  /** Null for nobody. */
  @Nullable Login find(Row row) {
    return switch (row.identity()) {
      case "anonymous" -> null;
      case "user" -> user;
      case "robot" -> row.mayCreate() ? openRobot : closedRobot;
      case "administrator" -> administrator;
      default -> throw new IllegalStateException("no such identity: " + row.identity());
    };
  }
}
