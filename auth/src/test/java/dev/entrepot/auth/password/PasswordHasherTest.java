package dev.entrepot.auth.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHasherTest {
  private static final Argon2.Parameters CHEAP = new Argon2.Parameters(8, 1, 1);

  private final PasswordHasher hasher = new PasswordHasher(2, Duration.ofSeconds(30));

  @Test
  void whatWasHashedMatchesAndNothingElse() {
    String stored = hasher.hash("correct horse battery");
    assertTrue(hasher.matches("correct horse battery", stored));
    assertFalse(hasher.matches("correct horse batterx", stored));
    assertFalse(hasher.matches("correct horse batter", stored));
    assertFalse(hasher.matches("", stored));
  }

  @Test
  void theFormIsAPhcStringWithWhatIsRecommended() {
    assertTrue(
        hasher
            .hash("x")
            .matches(
                "\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}"));
  }

  @Test
  void equalPasswordsHaveUnequalHashes() {
    assertNotEquals(hasher.hash("same"), hasher.hash("same"));
  }

  /** The vector of the reference implementation's own test. */
  @Test
  void agreesWithTheReferenceImplementation() {
    assertTrue(
        hasher.matches(
            "password",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"));
    Argon2 hash =
        Argon2.hash(
            new Argon2.Parameters(256, 2, 1),
            "somesalt".getBytes(StandardCharsets.US_ASCII),
            "password");
    String tag = hash.toString().substring(hash.toString().lastIndexOf('$') + 1);
    assertEquals(
        "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
        HexFormat.of().formatHex(Base64.getDecoder().decode(tag)));
  }

  @Test
  void hashesOfOlderParametersMatchAndAreToBeMadeAnew() {
    PasswordHasher old = new PasswordHasher(1, Duration.ZERO, new Argon2.Parameters(1024, 1, 2));
    String stored = old.hash("correct horse battery");
    assertTrue(stored.contains("m=1024,t=1,p=2"));
    assertTrue(hasher.matches("correct horse battery", stored));
    assertFalse(hasher.matches("correct horse batterx", stored));
    assertTrue(hasher.needsRehash(stored));
    assertFalse(old.needsRehash(stored));
    assertFalse(hasher.needsRehash(hasher.hash("correct horse battery")));
  }

  @Test
  void differentKeyboardsTypeTheSamePassword() {
    String stored = hasher.hash("na\u00efve caf\u00e9");
    assertTrue(hasher.matches("nai\u0308ve cafe\u0301", stored));
  }

  @Test
  void whereThereIsNoUserNothingMatchesAtTheSameCost() {
    String stored = hasher.hash("correct horse battery");
    hasher.matches("wrong password", stored);
    long some = allocatedBy(() -> hasher.matches("wrong password", stored));
    long none = allocatedBy(() -> assertFalse(hasher.matches("wrong password", null)));
    assertTrue(some > 19 * 1024 * 1024, "a hash takes its memory: " + some);
    assertEquals(1.0, (double) none / some, 0.02);
  }

  @Test
  void aPasswordOfAnEnormousLengthIsNoneWithoutAnyWork() {
    String stored = hasher.hash("correct horse battery");
    long work = allocatedBy(() -> assertFalse(hasher.matches("x".repeat(513), stored)));
    assertTrue(work < 1024 * 1024);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "password",
        "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=2,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$",
      })
  void whatIsNoHashIsAnErrorAndNoMatch(String stored) {
    assertThrows(IllegalArgumentException.class, () -> hasher.matches("password", stored));
  }

  @Test
  void onlySoManyRunAtOnce() {
    PasswordHasher none = new PasswordHasher(0, Duration.ZERO, CHEAP);
    assertThrows(PasswordsBusyException.class, () -> none.hash("x"));
    assertThrows(PasswordsBusyException.class, () -> none.matches("x", null));
  }

  @Test
  void theTurnIsGivenBack() {
    PasswordHasher single = new PasswordHasher(1, Duration.ZERO, CHEAP);
    String stored = single.hash("x");
    assertTrue(single.matches("x", stored));
    assertFalse(single.matches("y", stored));
    assertFalse(single.matches("y", null));
    assertTrue(single.matches("x", stored));
  }

  private static long allocatedBy(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
