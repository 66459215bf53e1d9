package dev.entrepot.auth.password;

import static dev.entrepot.auth.password.PasswordPolicy.Flaw.COMMON;
import static dev.entrepot.auth.password.PasswordPolicy.Flaw.NOT_TEXT;
import static dev.entrepot.auth.password.PasswordPolicy.Flaw.TOO_LONG;
import static dev.entrepot.auth.password.PasswordPolicy.Flaw.TOO_SHORT;
import static dev.entrepot.auth.password.PasswordPolicy.Flaw.USER_NAME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {
  private static final String EMOJI = "\uD83D\uDC33";

  @Test
  void lengthIsCountedInCharactersAsPeopleCount() {
    assertEquals(Optional.of(TOO_SHORT), PasswordPolicy.check("anna", "kT7#wq9zB"));
    assertEquals(Optional.empty(), PasswordPolicy.check("anna", "kT7#wq9zBm"));
    assertEquals(Optional.of(TOO_SHORT), PasswordPolicy.check("anna", "wqzBmk" + EMOJI.repeat(3)));
    assertEquals(Optional.empty(), PasswordPolicy.check("anna", "wqzBmkd" + EMOJI.repeat(3)));
    String long256 = "kT7#wq9zBmXr4%up".repeat(16);
    assertEquals(Optional.empty(), PasswordPolicy.check("anna", long256));
    assertEquals(Optional.of(TOO_LONG), PasswordPolicy.check("anna", long256 + "a"));
  }

  @Test
  void controlCharactersAndHalvesOfCharactersAreNoText() {
    assertEquals(Optional.of(NOT_TEXT), PasswordPolicy.check("anna", "kT7#wq9zBm\n"));
    assertEquals(Optional.of(NOT_TEXT), PasswordPolicy.check("anna", "kT7#wq\u0000zBmx"));
    assertEquals(Optional.of(NOT_TEXT), PasswordPolicy.check("anna", "kT7#wqzBmx\uD83D"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "annaschmidt",
        "AnnaSchmidt",
        "annaschmidt1",
        "!annaschmidt99",
        "annaschmidtannaschmidt"
      })
  void theUserNameIsNoPassword(String password) {
    assertEquals(Optional.of(USER_NAME), PasswordPolicy.check("AnnaSchmidt", password));
  }

  @Test
  void aPasswordMayHoldAShortNameOrOneAmongMuchElse() {
    assertEquals(Optional.empty(), PasswordPolicy.check("an", "anvil&trowel"));
    assertEquals(Optional.empty(), PasswordPolicy.check("anna", "anna likes trowels"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "passwordpassword",
        "Password123!",
        "P@ssw0rd2024",
        "1234567890",
        "0123456789",
        "abcdefghij",
        "9876543210",
        "aaaaaaaaaaaa",
        "abababababab",
        "xyzxyzxyzx",
        "qwertyuiop",
        "QWERTYUIOP",
        "1qaz2wsx3edc",
        "iloveyou2023",
        "welcome@123",
        "Sunshine!!!!",
        "dragon1234",
        "letmeinletmein",
        "adminadmin",
        "adminpassword",
        "changeme123",
        "superman2000",
        "Summer2025!",
        "!!!football!!!",
        "2020liverpool",
        "p4ssw0rdp4ssw0rd",
        "correcthorsebatterystaple",
        "ｐａｓｓｗｏｒｄ１２３"
      })
  void whatEverybodyTriesFirstIsRefused(String password) {

    assertEquals(Optional.of(COMMON), PasswordPolicy.check("anna", password));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "correct horse battery",
        "kT7#wq9zBmXr",
        "trowel anvil kettle",
        "Zwetschgenknödel",
        "7391824650",
        "my cat is called Bob",
        "passwords are dull",
        "ab1cd2ef3gh4"
      })
  void othersAreGoodEnough(String password) {
    assertEquals(Optional.empty(), PasswordPolicy.check("anna", password));
  }
}
