package dev.entrepot.access;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Authorizer;
import dev.entrepot.auth.Role;
import dev.entrepot.auth.Subject;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.event.Actor;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.tag.ContentCore;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FounderGrantsIT {
  private static final Set<Action> ALL = EnumSet.allOf(Action.class);

  private TestDatabase test;
  private Accounts accounts;
  private ContentCore core;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
    accounts = new Accounts(test.database());
    core = new ContentCore(test.database());
  }

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void aMemberWhoMayOnlyReadIsAdministratorOfWhatTheyFound() {
    Subject anna = accounts.user("anna");
    Subject bert = accounts.user("bert");
    long acme = accounts.organisation("acme");
    accounts.member(acme, anna, false);
    accounts.member(acme, bert, false);
    Authorizer authorizer = server("administrators");
    Authorizer other = server("administrators");
    assertEquals(Role.WRITE.actions(), may(authorizer, anna, "acme/app"));
    assertEquals(Role.WRITE.actions(), may(other, anna, "acme/app"));
    push(anna, "acme/app");
    assertEquals(Role.ADMIN.actions(), may(authorizer, anna, "acme/app"));
    assertEquals(Role.ADMIN.actions(), may(other, anna, "acme/app"));
    assertEquals(Role.READ.actions(), may(authorizer, bert, "acme/app"));
  }

  @Test
  void aUserIsAdministratorOfATopLevelRepositoryTheyFound() {
    Subject anna = accounts.user("anna");
    Authorizer authorizer = server("users");
    assertEquals(Role.WRITE.actions(), may(authorizer, anna, "app"));
    push(anna, "app");
    assertEquals(Role.ADMIN.actions(), may(authorizer, anna, "app"));
  }

  @Test
  void whoeverIsAdministratorAnywayAndRobotsAndNobodyAreGivenNothing() {
    Subject root = accounts.user("root");
    accounts.run("UPDATE user_account SET administrator = true WHERE id = ?", root.id());
    Subject olga = accounts.user("olga");
    long acme = accounts.organisation("acme");
    accounts.member(acme, olga, true);
    Subject robot = accounts.robot(acme, "acme+ci");
    push(root, "acme/by-administrator");
    push(olga, "acme/by-owner");
    push(olga, "olga/own");
    push(robot, "acme/by-robot");
    push(Subject.ANONYMOUS, "acme/by-nobody");
    assertEquals(List.of(), grants());
  }

  @Test
  void aRobotReachesWhatItFoundsByItsRoleInTheNamespace() {
    long acme = accounts.organisation("acme");
    Subject robot = accounts.robot(acme, "acme+ci");
    accounts.grant("write", acme, null, robot, null);
    Authorizer authorizer = server("administrators");
    push(robot, "acme/app");
    assertEquals(Role.WRITE.actions(), may(authorizer, robot, "acme/app"));
  }

  @Test
  void ofManyWhoPushAtOnceOneIsTheFounder() throws Exception {
    long acme = accounts.organisation("acme");
    List<Subject> members = List.of(accounts.user("a1"), accounts.user("a2"), accounts.user("a3"));
    members.forEach(member -> accounts.member(acme, member, false));
    for (int round = 0; round < 20; round++) {
      String repository = "acme/r" + round;
      atOnce(6, i -> push(members.get(i % 3), repository));
      assertEquals(round + 1, grants().size());
    }
  }

  @Test
  void theAuditLogTellsOfTheRole() {
    Subject anna = accounts.user("anna");
    push(anna, "app");
    push(anna, "anna/own");
    assertEquals(List.of("anna grant-put app user:anna"), recorded());
  }

  @Test
  void aPushThatIsRolledBackLeavesNoRole() {
    Subject anna = accounts.user("anna");
    assertThrows(
        IllegalStateException.class,
        () ->
            core.database.transact(
                transaction -> {
                  core.repositories.getOrCreate(transaction, name("app"), new Actor(anna, "", ""));
                  throw new IllegalStateException("changed my mind");
                }));
    assertEquals(List.of(), grants());
    assertEquals(List.of(), recorded());
  }

  private RepositoryId push(Subject pusher, String repository) {
    return core.database.transact(
        transaction ->
            core.repositories.getOrCreate(
                transaction, name(repository), new Actor(pusher, "", "")));
  }

  private Set<Action> may(Authorizer authorizer, Subject subject, String repository) {
    return authorizer.decide(subject, ALL, repository).allowed();
  }

  private List<String> grants() {
    return test.database()
        .read(c -> Sql.list(c, "SELECT role FROM role_grant", row -> row.getString(1)));
  }

  private List<String> recorded() {
    return test.database()
        .read(
            c ->
                Sql.list(
                    c,
                    "SELECT concat_ws(' ', actor, kind, repository, reference) FROM audit_event",
                    row -> row.getString(1)));
  }

  private Authorizer server(String topLevelCreators) {
    EntrepotConfig config =
        TestConfig.with(
            Map.of(
                "entrepot.auth.mode",
                "on",
                "entrepot.repository.top-level-creators",
                topLevelCreators));
    ChangeFeed changes = new ChangeFeed(test.database(), new Revocations(), config);
    changes.catchUp();
    return AccessBeansForTests.authorizer(test.database(), changes, config);
  }
}
