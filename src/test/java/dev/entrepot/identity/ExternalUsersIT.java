package dev.entrepot.identity;

import static dev.entrepot.tag.AtOnce.atOnce;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.access.AccessChanges;
import dev.entrepot.auth.Subject;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import jakarta.enterprise.event.Event;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExternalUsersIT {
  private TestDatabase postgres;
  private Database database;
  private ExternalUsers users;

  @BeforeEach
  @SuppressWarnings("unchecked")
  void open() {
    postgres = TestDatabase.open();
    database = postgres.database();
    Event<?> unheard =
        (Event<?>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Event.class}, (p, m, a) -> null);
    users = new ExternalUsers(database, new AccessChanges(null, null, (Event) unheard));
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void theFirstLoginMakesAnAccountAndTheNextFindsIt() {
    Subject first = users.logIn(user("idp", "s-1", "Marie"), true);
    Subject second = users.logIn(user("idp", "s-1", "marie.renamed"), true);
    assertEquals("marie", first.name());
    assertEquals(first, second);
  }

  @Test
  void aNameThatIsTakenIsNotTakenOver() {
    long local = users.logIn(user("other", "s-9", "marie"), true).id();
    assertEquals(ErrorCode.DENIED, refusal(user("idp", "s-1", "marie"), true));
    assertEquals(
        List.of(local),
        database.read(
            c -> Sql.list(c, "SELECT user_id FROM external_identity", row -> row.getLong(1))));
  }

  @Test
  void repositoriesThatAreThereAreNotTakenOver() {
    update("INSERT INTO repository (name) VALUES ('marie/app')");
    assertEquals(ErrorCode.DENIED, refusal(user("idp", "s-1", "marie"), true));
  }

  @Test
  void aReservedOrMalformedNameIsNoAccounts() {
    for (String name : List.of("library", "a/b", "", "ann+bot", "x".repeat(65), "oidc")) {
      assertEquals(ErrorCode.DENIED, refusal(user("idp", "s-" + name, name), true), name);
    }
  }

  @Test
  void withoutProvisioningNobodyGetsAnAccount() {
    assertEquals(ErrorCode.DENIED, refusal(user("idp", "s-1", "marie"), false));
  }

  @Test
  void firstLoginsAtOnceMakeOneAccount() throws Exception {
    List<Subject> subjects = atOnce(8, i -> users.logIn(user("idp", "s-1", "marie"), true));
    assertEquals(1, subjects.stream().distinct().count());
  }

  @Test
  void aDisabledAccountIsRefused() {
    Subject marie = users.logIn(user("idp", "s-1", "marie"), true);
    update("UPDATE user_account SET disabled_at = now() WHERE id = " + marie.id());
    assertEquals(ErrorCode.DENIED, refusal(user("idp", "s-1", "marie"), true));
  }

  @Test
  void teamsFollowTheGroups() {
    long pilots = team("pilots");
    update("INSERT INTO team_group VALUES (" + pilots + ", 'idp', 'harbour')");
    Subject marie = users.logIn(user("idp", "s-1", "marie", "harbour", "others"), true);
    assertEquals(List.of(pilots), teams(marie));
    users.logIn(user("idp", "s-1", "marie", "others"), true);
    assertEquals(List.of(), teams(marie));
    assertEquals(
        List.of("rights", "user:" + marie.id(), "rights"),
        database.read(
            c ->
                Sql.list(
                    c, "SELECT what FROM access_change ORDER BY id", row -> row.getString(1))));
  }

  @Test
  void theAuditLogTellsWhatTheProviderBrings() {
    long pilots = team("pilots");
    update("INSERT INTO team_group VALUES (" + pilots + ", 'idp', 'harbour')");
    users.logIn(user("idp", "s-1", "marie", "harbour"), true);
    users.logIn(user("idp", "s-1", "marie", "harbour"), true);
    users.logIn(user("idp", "s-1", "marie"), true);
    assertEquals(
        List.of(
            "user-create marie idp",
            "team-member-add acme pilots marie idp",
            "team-member-remove acme pilots marie idp"),
        database.read(
            c ->
                Sql.list(
                    c,
                    """
                    SELECT concat_ws(' ', kind, namespace, reference, detail->>'user',
                      detail->>'provider')
                    FROM audit_event ORDER BY tx, id
                    """,
                    row -> row.getString(1))));
  }

  @Test
  void groupsOfAnotherProviderCountNothing() {
    long pilots = team("pilots");
    update("INSERT INTO team_group VALUES (" + pilots + ", 'idp', 'harbour')");
    assertEquals(List.of(), teams(users.logIn(user("other", "s-1", "marie", "harbour"), true)));
  }

  @Test
  void aMemberAddedByHandStays() {
    long pilots = team("pilots");
    Subject marie = users.logIn(user("idp", "s-1", "marie"), true);
    update("INSERT INTO team_member VALUES (" + pilots + ", " + marie.id() + ", '')");
    users.logIn(user("idp", "s-1", "marie"), true);
    assertEquals(List.of(pilots), teams(marie));
  }

  private ErrorCode refusal(ExternalUser user, boolean provision) {
    return assertThrows(RegistryException.class, () -> users.logIn(user, provision)).code();
  }

  private static ExternalUser user(String provider, String subject, String name, String... groups) {
    return new ExternalUser(provider, subject, name, null, Set.of(groups));
  }

  private long team(String name) {
    return database
        .read(
            c ->
                Sql.find(
                    c,
                    """
                    WITH organisation AS (
                      INSERT INTO namespace (name, kind) VALUES ('acme', 'organisation')
                      RETURNING id)
                    INSERT INTO team (organisation_id, name) SELECT id, ? FROM organisation
                    RETURNING id
                    """,
                    row -> row.getLong(1),
                    name))
        .orElseThrow();
  }

  private List<Long> teams(Subject user) {
    return database.read(
        c ->
            Sql.list(
                c,
                "SELECT team_id FROM team_member WHERE user_id = ?",
                row -> row.getLong(1),
                user.id()));
  }

  private void update(String sql) {
    database.read(c -> Sql.update(c, sql));
  }
}
