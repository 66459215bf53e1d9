package dev.entrepot.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.auth.token.SigningKey;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.tag.AtOnce;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several servers on one database, each with its own memory, and hours that pass at once. */
class SigningKeysIT {
  private static final Duration PERIOD = Duration.ofHours(10);

  private TestDatabase test;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private SigningKeys one;
  private SigningKeys other;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
    one = server(test.database());
    other = server(test.database());
    one.keep();
    other.keep();
  }

  @AfterEach
  void close() {
    test.close();
  }

  private SigningKeys server(Database database) {
    InstantSource clock = () -> now;
    var config =
        TestConfig.with(
            Map.of("entrepot.auth.mode", "on", "entrepot.auth.signing-key-period", "10h"));
    return new SigningKeys(database, config, clock);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void allServersSignWithTheSameKey() {
    assertEquals(one.current().kid(), other.current().kid());
    assertEquals(1, one.published().size());
  }

  @Test
  void serversThatStartAtOnceMakeOneKey() throws Exception {
    try (TestDatabase empty = TestDatabase.open()) {
      List<String> keys =
          AtOnce.atOnce(
              6,
              i -> {
                SigningKeys server = server(empty.database());
                server.keep();
                return server.current().kid();
              });
      assertEquals(1, keys.stream().distinct().count());
    }
  }

  @Test
  void theNextKeyIsPublishedBeforeItSignsAndTheLastOneUntilItsTokensHaveEnded() {
    SigningKey first = one.current();
    pass(PERIOD.minusMinutes(30));
    one.keep();
    other.keep();
    assertEquals(first.kid(), one.current().kid());
    assertEquals(2, other.published().size());
    pass(Duration.ofMinutes(30));
    SigningKey second = one.current();
    assertNotEquals(first.kid(), second.kid());
    assertEquals(second.kid(), other.current().kid());
    assertTrue(other.find(first.kid()).isPresent(), "its last tokens are still good");
    pass(Duration.ofMinutes(16));
    assertEquals(Optional.empty(), other.find(first.kid()));
    assertEquals(List.of(second.kid()), other.published().stream().map(SigningKey::kid).toList());
  }

  @Test
  void aKeyThatAnotherServerHasMadeIsFoundWithoutWaitingForTheNextLook() {
    pass(PERIOD.minusMinutes(1));
    one.keep();
    pass(Duration.ofMinutes(1));
    SigningKey next = one.current();
    assertEquals(next.kid(), other.find(next.kid()).orElseThrow().kid());
    assertEquals(next.kid(), other.current().kid());
  }

  @Test
  void keysThatNobodyHasMadeAreLookedForOncePerSecond() {
    pass(PERIOD.minusMinutes(1));
    assertEquals(Optional.empty(), other.find("unknown"));
    one.keep();
    pass(Duration.ofMillis(500));
    String next = one.published().getLast().kid();
    assertEquals(Optional.empty(), other.find(next), "the rows were read half a second ago");
    pass(Duration.ofSeconds(1));
    assertTrue(other.find(next).isPresent());
  }

  @Test
  void aServerThatWasAsleepWhenAKeyEndedMakesAnother() {
    pass(PERIOD.multipliedBy(3));
    one.keep();
    other.keep();
    assertEquals(one.current().kid(), other.current().kid());
    assertEquals(1, one.published().size());
  }
}
