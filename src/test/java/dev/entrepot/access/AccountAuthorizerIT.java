package dev.entrepot.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.RepositoryPattern;
import dev.entrepot.auth.Role;
import dev.entrepot.auth.Subject;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountAuthorizerIT {
  private static final Set<Action> ALL = EnumSet.allOf(Action.class);
  private static final Set<Action> PULL = Set.of(Action.PULL);

  private TestDatabase test;
  private Accounts accounts;
  private ChangeFeed changes;
  private AccountAuthorizer authorizer;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
    accounts = new Accounts(test.database());
    var config = TestConfig.with(Map.of("entrepot.auth.mode", "on"));
    changes = new ChangeFeed(test.database(), new Revocations(), config);
    authorizer = new AccountAuthorizer(test.database(), changes, config, new SimpleMeterRegistry());
    changes.catchUp();
  }

  @AfterEach
  void close() {
    test.close();
  }

  private Set<Action> may(Subject subject, String repository) {
    return authorizer.decide(subject, ALL, repository).allowed();
  }

  @Test
  void everybodyPullsWhatIsPublicAndUsersWhatIsInternal() {
    Subject anna = accounts.user("anna");
    Subject robot = accounts.robot(accounts.organisation("acme"), "acme+ci");
    accounts.repository("other/public", "public");
    accounts.repository("other/internal", "internal");
    accounts.repository("other/private", "private");
    assertEquals(PULL, may(Subject.ANONYMOUS, "other/public"));
    assertEquals(PULL, may(robot, "other/public"));
    assertEquals(PULL, may(anna, "other/internal"));
    assertEquals(Set.of(), may(Subject.ANONYMOUS, "other/internal"));
    assertEquals(Set.of(), may(robot, "other/internal"));
    assertEquals(Set.of(), may(anna, "other/private"));
  }

  @Test
  void whatMayNotBePulledIsNotVisibleAndLooksLikeWhatIsNotThere() {
    Subject anna = accounts.user("anna");
    accounts.repository("other/private", "private");
    assertEquals(
        authorizer.decide(anna, ALL, "other/absent"),
        authorizer.decide(anna, ALL, "other/private"));
    assertFalse(authorizer.decide(anna, PULL, "other/private").visible());
  }

  @Test
  void inTheOwnNamespaceAUserIsAdministratorAndCreates() {
    Subject anna = accounts.user("anna");
    accounts.repository("anna/app", "private");
    assertEquals(Role.ADMIN.actions(), may(anna, "anna/app"));
    assertTrue(may(anna, "anna/new").contains(Action.PUSH));
    assertEquals(Set.of(), may(anna, "new"));
    assertEquals(Set.of(), may(anna, "nobody/new"));
  }

  @Test
  void membersHaveTheMembersRoleAndOwnersAll() {
    Subject anna = accounts.user("anna");
    Subject olga = accounts.user("olga");
    long acme = accounts.organisation("acme");
    accounts.member(acme, anna, false);
    accounts.member(acme, olga, true);
    accounts.repository("acme/app", "private");
    assertEquals(Role.READ.actions(), may(anna, "acme/app"));
    assertEquals(Role.ADMIN.actions(), may(olga, "acme/app"));
    assertTrue(may(anna, "acme/new").contains(Action.PUSH));
    accounts.run("UPDATE namespace SET members_create = false, member_role = NULL");
    accounts.run("INSERT INTO access_change (what) VALUES ('rights')");
    changes.catchUp();
    assertEquals(Set.of(), may(anna, "acme/new"));
    assertEquals(Set.of(), may(anna, "acme/app"));
    assertTrue(may(olga, "acme/new").contains(Action.PUSH));
  }

  @Test
  void theGreatestOfAllGrantsCounts() {
    Subject anna = accounts.user("anna");
    long acme = accounts.organisation("acme");
    long app = accounts.repository("acme/app", "private");
    accounts.grant("read", acme, null, anna, null);
    accounts.grant("maintain", null, app, null, accounts.team(acme, "ops", anna));
    assertEquals(Role.MAINTAIN.actions(), may(anna, "acme/app"));
    accounts.repository("acme/other", "private");
    assertEquals(Role.READ.actions(), may(anna, "acme/other"));
    assertEquals(Set.of(), may(anna, "acme/new"));
  }

  @Test
  void whoeverWritesInAllOfANamespaceCreatesThere() {
    long acme = accounts.organisation("acme");
    Subject robot = accounts.robot(acme, "acme+ci");
    long app = accounts.repository("acme/app", "private");
    accounts.grant("write", null, app, robot, null);
    assertEquals(Set.of(), may(robot, "acme/new"));
    accounts.grant("write", acme, null, robot, null);
    assertTrue(may(robot, "acme/new").contains(Action.PUSH));
  }

  @Test
  void administratorsMayEverythingAndDisabledAccountsNothing() {
    Subject root = accounts.user("root");
    accounts.run("UPDATE user_account SET administrator = true");
    accounts.repository("acme/app", "private");
    accounts.repository("acme/public", "public");
    assertEquals(Role.ADMIN.actions(), may(root, "acme/app"));
    assertTrue(may(root, "new").contains(Action.PUSH));
    accounts.run("UPDATE user_account SET disabled_at = now()");
    accounts.run("INSERT INTO access_change (what) VALUES ('user:' || ?)", root.id());
    changes.catchUp();
    assertEquals(Set.of(), may(root, "acme/app"));
    assertEquals(Set.of(), may(root, "acme/public"));
  }

  @Test
  void anExpiredRobotMayNothing() {
    long acme = accounts.organisation("acme");
    Subject robot = accounts.robot(acme, "acme+ci");
    accounts.grant("write", acme, null, robot, null);
    accounts.repository("acme/app", "private");
    accounts.run("UPDATE robot SET expires_at = now() - interval '1 second'");
    assertEquals(Set.of(), may(robot, "acme/app"));
  }

  @Test
  void aScopedTokenIsBoundedByItsActionsAndPatternsAndByItsOwner() {
    Subject anna = accounts.user("anna");
    accounts.repository("anna/app", "private");
    accounts.repository("anna/secret", "private");
    accounts.repository("other/app", "private");
    Limits limits =
        new Limits.Scoped(
            Set.of(Action.PULL, Action.PUSH),
            List.of(new RepositoryPattern("anna/a*"), new RepositoryPattern("other/**")));
    Subject scoped = new Subject(anna.kind(), anna.id(), anna.name(), "token:3", limits);
    assertEquals(Set.of(Action.PULL, Action.PUSH), may(scoped, "anna/app"));
    assertEquals(Set.of(), may(scoped, "anna/secret"));
    assertFalse(authorizer.decide(scoped, PULL, "anna/secret").visible());
    assertEquals(Set.of(), may(scoped, "other/app"));
    assertFalse(authorizer.decide(scoped, Set.of(Action.CATALOG), null).allows());
  }

  @Test
  void aRegistryTokenIsGoodForItsEntriesAndNothingElse() {
    Subject anna = accounts.user("anna");
    accounts.repository("anna/app", "private");
    Limits limits = new Limits.Granted(List.of(new Access(Access.REPOSITORY, "library/app", PULL)));
    Subject token = new Subject(anna.kind(), anna.id(), anna.name(), "password", limits);
    assertEquals(PULL, may(token, "app"));
    assertEquals(Set.of(), may(token, "anna/app"));
    assertTrue(authorizer.decide(token, Set.of(Action.PING), null).allows());
    assertFalse(authorizer.decide(token, Set.of(Action.CATALOG), null).allows());
  }

  @Test
  void isAnsweredFromMemoryUntilSomethingChanges() {
    Subject anna = accounts.user("anna");
    accounts.repository("anna/app", "private");
    assertNull(authorizer.known(anna, PULL, "anna/app"));
    authorizer.decide(anna, PULL, "anna/app");
    assertNotNull(authorizer.known(anna, PULL, "anna/app"));
    accounts.run("INSERT INTO access_change (what) VALUES ('rights')");
    changes.catchUp();
    assertNull(authorizer.known(anna, PULL, "anna/app"));
  }

  @Test
  void whatIsNotThereIsAskedEachTime() {
    Subject anna = accounts.user("anna");
    authorizer.decide(anna, PULL, "anna/new");
    assertNull(authorizer.known(anna, PULL, "anna/new"));
  }
}
