package dev.entrepot.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.RepositoryPattern;
import dev.entrepot.auth.Subject;
import dev.entrepot.database.TestDatabase;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VisibleRepositoriesIT {
  private TestDatabase test;
  private Accounts accounts;
  private VisibleRepositories visible;
  private Subject anna;
  private long acme;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
    accounts = new Accounts(test.database());
    visible = new VisibleRepositories(test.database());
    anna = accounts.user("anna");
    acme = accounts.organisation("acme");
    accounts.repository("acme/internal", "internal");
    accounts.repository("acme/private", "private");
    accounts.repository("acme/public", "public");
    accounts.repository("anna/private", "private");
    accounts.repository("top.level", "private");
  }

  @AfterEach
  void close() {
    test.close();
  }

  private List<String> names(Subject subject) {
    return visible.list(subject, null, 100).stream().map(Object::toString).toList();
  }

  @Test
  void whoeverHasNoAccountSeesWhatIsPublic() {
    assertEquals(List.of("acme/public"), names(Subject.ANONYMOUS));
  }

  @Test
  void aUserSeesPublicInternalAndOwnOnes() {
    assertEquals(List.of("acme/internal", "acme/public", "anna/private"), names(anna));
  }

  @Test
  void aMemberSeesTheOrganisations() {
    accounts.member(acme, anna, false);
    assertEquals(
        List.of("acme/internal", "acme/private", "acme/public", "anna/private"), names(anna));
    accounts.run("UPDATE namespace SET member_role = NULL");
    assertEquals(List.of("acme/internal", "acme/public", "anna/private"), names(anna));
  }

  @Test
  void aTeamsGrantShows() {
    long team = accounts.team(acme, "ops", anna);
    accounts.grant("read", null, repository("acme/private"), null, team);
    assertEquals(
        List.of("acme/internal", "acme/private", "acme/public", "anna/private"), names(anna));
  }

  @Test
  void aRobotSeesWhatIsGrantedAndPublic() {
    Subject robot = accounts.robot(acme, "acme+ci");
    assertEquals(List.of("acme/public"), names(robot));
    accounts.grant("read", null, repository("top.level"), robot, null);
    assertEquals(List.of("acme/public", "top.level"), names(robot));
    accounts.grant("read", acme, null, robot, null);
    assertEquals(
        List.of("acme/internal", "acme/private", "acme/public", "top.level"), names(robot));
  }

  @Test
  void anAdministratorSeesAllAndADisabledAccountNothing() {
    accounts.run("UPDATE user_account SET administrator = true");
    assertEquals(5, names(anna).size());
    accounts.run("UPDATE user_account SET disabled_at = now()");
    assertEquals(List.of(), names(anna));
  }

  @Test
  void aScopedTokenSeesWhatItsPatternsMatch() {
    Limits limits =
        new Limits.Scoped(
            Set.of(Action.PULL),
            List.of(new RepositoryPattern("*/p*"), new RepositoryPattern("top*")));
    Subject scoped = new Subject(anna.kind(), anna.id(), anna.name(), "token:1", limits);
    assertEquals(List.of("acme/public", "anna/private"), names(scoped));
  }

  @Test
  void pagesGoOnBehindTheLastName() {
    assertEquals(
        List.of("acme/internal"),
        visible.list(anna, null, 1).stream().map(Object::toString).toList());
    assertEquals(
        List.of("acme/public"),
        visible.list(anna, "acme/internal", 1).stream().map(Object::toString).toList());
  }

  private long repository(String name) {
    return test.database()
        .read(
            connection ->
                dev.entrepot.database.Sql.find(
                        connection,
                        "SELECT id FROM repository WHERE name = ?",
                        row -> row.getLong(1),
                        name)
                    .orElseThrow());
  }
}
