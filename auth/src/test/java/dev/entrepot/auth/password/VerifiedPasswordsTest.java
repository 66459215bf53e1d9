package dev.entrepot.auth.password;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerifiedPasswordsTest {
  private final MovableClock clock = new MovableClock();
  private final VerifiedPasswords passwords =
      new VerifiedPasswords(Duration.ofSeconds(60), 2, clock);

  @Test
  void knowsExactlyWhatItWasTold() {
    assertFalse(passwords.knows("anna", "secret", "hash"));
    passwords.remember("anna", "secret", "hash");
    assertTrue(passwords.knows("anna", "secret", "hash"));
    assertFalse(passwords.knows("anna", "secre", "hash"));
    assertFalse(passwords.knows("anna", "", "hash"));
    assertFalse(passwords.knows("bob", "secret", "hash"));
  }

  @Test
  void aChangedPasswordIsNotKnown() {
    passwords.remember("anna", "secret", "hash");
    assertFalse(passwords.knows("anna", "secret", "newer hash"));
  }

  @Test
  void thePartsDoNotRunIntoEachOther() {
    passwords.remember("anna", "secret", "hash");
    assertFalse(passwords.knows("anna", "secreth", "ash"));
    assertFalse(passwords.knows("anna", "secre", "thash"));
  }

  @Test
  void itForgetsAfterAMinuteHoweverOftenItWasAsked() {
    passwords.remember("anna", "secret", "hash");
    clock.advance(Duration.ofMillis(59_999));
    assertTrue(passwords.knows("anna", "secret", "hash"));
    clock.advance(Duration.ofMillis(1));
    assertFalse(passwords.knows("anna", "secret", "hash"));
  }

  @Test
  void itForgetsAnAccountWhenTold() {
    passwords.remember("anna", "secret", "hash");
    passwords.remember("bob", "secret", "hash");
    passwords.forget("anna");
    assertFalse(passwords.knows("anna", "secret", "hash"));
    assertTrue(passwords.knows("bob", "secret", "hash"));
  }

  @Test
  void theOldestMakesRoom() {
    passwords.remember("anna", "secret", "hash");
    passwords.remember("bob", "secret", "hash");
    passwords.remember("anna", "secret", "hash");
    passwords.remember("carl", "secret", "hash");
    assertTrue(passwords.knows("anna", "secret", "hash"));
    assertFalse(passwords.knows("bob", "secret", "hash"));
    assertTrue(passwords.knows("carl", "secret", "hash"));
  }
}
