package dev.entrepot.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.access.Accounts;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.event.Actor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoginSecretsIT {
  private static final int MOST = 50;

  private TestDatabase postgres;
  private LoginSecrets secrets;
  private Actor marie;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    secrets = new LoginSecrets(postgres.database());
    marie = new Actor(new Accounts(postgres.database()).user("marie"), "192.0.2.1", "");
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void aLoginIsRecordedWithItsSecret() {
    secrets.issue(marie, "browser", Duration.ofHours(1));
    assertEquals(
        List.of(
            "sign-in marie 192.0.2.1 browser",
            "secret-create marie 192.0.2.1 token:" + oldest() + " browser"),
        recorded());
  }

  @Test
  void anOldSecretThatMakesRoomIsRecorded() {
    secrets.issue(marie, "browser", Duration.ofHours(1));
    long oldest = oldest();
    for (int i = 1; i <= MOST; i++) {
      secrets.issue(marie, "browser", Duration.ofHours(1));
    }
    assertEquals(
        List.of("secret-revoke marie 192.0.2.1 token:" + oldest + " browser"),
        recorded().stream().filter(event -> event.startsWith("secret-revoke")).toList());
  }

  @Test
  void aSecretThatHasEndedGoesUnrecorded() {
    secrets.issue(marie, "browser", Duration.ofHours(-1));
    secrets.issue(marie, "browser", Duration.ofHours(1));
    assertEquals(
        List.of(), recorded().stream().filter(event -> event.startsWith("secret-revoke")).toList());
  }

  private long oldest() {
    return postgres
        .database()
        .read(c -> Sql.find(c, "SELECT min(id) FROM access_token", row -> row.getLong(1)))
        .orElseThrow();
  }

  private List<String> recorded() {
    return postgres
        .database()
        .read(
            c ->
                Sql.list(
                    c,
                    """
                    SELECT concat_ws(' ', kind, actor, address, reference,
                      coalesce(detail->>'login', detail->>'method'))
                    FROM audit_event ORDER BY tx, id
                    """,
                    row -> row.getString(1)));
  }
}
