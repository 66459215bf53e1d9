package dev.entrepot.auth.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final String HOME = "192.0.2.1";
  private static final Duration ZERO = Duration.ZERO;

  private final MovableClock clock = new MovableClock();
  private final LoginThrottle throttle = new LoginThrottle(10_000, clock);

  @Test
  void tenMistakesAreFreeAndThenTheWaitDoubles() {
    for (int i = 0; i < 10; i++) {
      assertEquals(ZERO, throttle.attempt("anna", HOME));
    }
    for (int seconds = 1; seconds <= 512; seconds *= 2) {
      assertEquals(Duration.ofSeconds(seconds), throttle.attempt("anna", HOME));
      clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
      assertEquals(Duration.ofMillis(1), throttle.attempt("anna", HOME));
      clock.advance(Duration.ofMillis(1));
      assertEquals(ZERO, throttle.attempt("anna", HOME));
    }
    assertEquals(Duration.ofMinutes(15), throttle.attempt("anna", HOME));
  }

  @Test
  void spellingsThatADirectoryTakesForOneNameAreOne() {
    for (String name : List.of("Anna", " anna", "an\u00ADna", "\uFF41nna", "ANNA ")) {
      fail(name, HOME, 2);
    }
    assertEquals(Duration.ofSeconds(1), throttle.attempt("anna", HOME));
  }

  @Test
  void askingWhileOneHasToWaitDoesNotProlongIt() {
    fail("anna", HOME, 10);
    for (int i = 0; i < 100; i++) {
      assertEquals(Duration.ofSeconds(1), throttle.attempt("anna", HOME));
    }
  }

  @Test
  void aSuccessStartsAnew() {
    fail("anna", HOME, 9);
    throttle.attempt("anna", HOME);
    throttle.succeeded("anna", HOME);
    fail("anna", HOME, 10);
    assertEquals(Duration.ofSeconds(1), throttle.attempt("anna", HOME));
  }

  @Test
  void manyAtOnceCountBeforeTheyAreDecided() {
    for (int i = 0; i < 10; i++) {
      throttle.attempt("anna", HOME);
    }
    assertTrue(throttle.attempt("anna", HOME).isPositive());
  }

  @Test
  void anAttemptThatCouldNotBeDecidedDoesNotCount() {
    for (int i = 0; i < 200; i++) {
      assertEquals(ZERO, throttle.attempt("anna", HOME));
      throttle.withdrawn("anna", HOME);
    }
    assertEquals(0, throttle.size());
  }

  @Test
  void anHourAfterTheWaitAllIsForgotten() {
    fail("anna", HOME, 10);
    clock.advance(Duration.ofHours(1).plusSeconds(5));
    fail("anna", HOME, 10);
    assertEquals(Duration.ofSeconds(1), throttle.attempt("anna", HOME));
  }

  @Test
  void onePasswordOnManyAccountsIsSlowedDown() {
    for (int i = 0; i < 50; i++) {
      assertEquals(ZERO, throttle.attempt("user" + i, HOME));
    }
    assertEquals(Duration.ofSeconds(1), throttle.attempt("user50", HOME));
    assertEquals(ZERO, throttle.attempt("user50", "192.0.2.2"));
  }

  @Test
  void anAccountOfOnesOwnDoesNotHelpToTryOthers() {
    for (int i = 0; i < 50; i++) {
      assertEquals(ZERO, throttle.attempt("user" + i, HOME));
      throttle.attempt("mallory", HOME);
      throttle.succeeded("mallory", HOME);
    }
    assertTrue(throttle.attempt("user50", HOME).isPositive());
  }

  @Test
  void manyAddressesGuessAtOneAccountSlowly() {
    attackFromManyAddresses("anna", 200);
    Duration wait = throttle.attempt("anna", "198.51.100.7");
    assertTrue(wait.isPositive());
    assertTrue(wait.compareTo(Duration.ofSeconds(8)) <= 0, "nobody is locked out for long");
  }

  @Test
  void aUserSignsInFromTheUsualAddressWhileTheAccountIsUnderAttack() {
    throttle.attempt("anna", HOME);
    throttle.succeeded("anna", HOME);
    attackFromManyAddresses("anna", 200);
    assertEquals(ZERO, throttle.attempt("anna", HOME));
  }

  @Test
  void aUserSignsInWhileANeighbourBehindTheSameAddressTriesOthers() {
    throttle.attempt("anna", HOME);
    throttle.succeeded("anna", HOME);
    for (int i = 0; i < 50; i++) {
      throttle.attempt("user" + i, HOME);
    }
    assertTrue(throttle.attempt("bob", HOME).isPositive());
    assertEquals(ZERO, throttle.attempt("anna", HOME));
  }

  @Test
  void theUsualAddressIsNoLicenceToGuess() {
    throttle.attempt("anna", HOME);
    throttle.succeeded("anna", HOME);
    fail("anna", HOME, 10);
    assertEquals(Duration.ofSeconds(1), throttle.attempt("anna", HOME));
  }

  @Test
  void aNetworkOfVersionSixIsOneAddress() {
    for (int i = 0; i < 10; i++) {
      assertEquals(ZERO, throttle.attempt("anna", "2001:db8:1:2::" + Integer.toHexString(i)));
    }
    assertTrue(throttle.attempt("anna", "2001:db8:1:2:ffff::1").isPositive());
    assertEquals(ZERO, throttle.attempt("anna", "2001:db8:1:3::1"));
  }

  @Test
  void memoryIsBoundedAndSoAreNames() {
    LoginThrottle small = new LoginThrottle(100, clock);
    for (int i = 0; i < 1000; i++) {
      small.attempt("user" + i, "192.0.2." + i % 250);
      small.succeeded("other" + i, "192.0.2." + i % 250);
    }
    assertTrue(small.size() <= 200);
    String name = "x".repeat(1_000_000);
    for (int i = 0; i < 10; i++) {
      assertEquals(ZERO, throttle.attempt(name + i, HOME));
    }
    assertTrue(throttle.attempt(name + 10, HOME).isPositive());
  }

  private int tries;

  @Property(tries = 100)
  void howeverLongAnAttackOneFreshAddressWaitsSecondsOnly(
      @ForAll @IntRange(min = 100, max = 3000) int attempts) {
    attackFromManyAddresses("anna", attempts);
    clock.advance(Duration.ofSeconds(8));
    tries++; // they share the throttle, and what has failed once is not fresh
    assertEquals(ZERO, throttle.attempt("anna", "198.51.100." + tries));
  }

  private void fail(String account, String address, int times) {
    for (int i = 0; i < times; i++) {
      assertEquals(ZERO, throttle.attempt(account, address));
    }
  }

  /** As quickly as is allowed. */
  private void attackFromManyAddresses(String account, int times) {
    for (int i = 0; i < times; i++) {
      clock.advance(
          throttle.attempt(account, "10." + i / 60000 + "." + i / 250 % 240 + "." + i % 250));
    }
  }
}
