package dev.entrepot.auth.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SecretTest {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  @ParameterizedTest
  @EnumSource(Secret.Kind.class)
  void whatIsMadeIsRead(Secret.Kind kind) {
    Secret secret = Secret.generate(kind);
    assertTrue(Pattern.matches(kind.prefix() + "[0-9A-Za-z]{38}", secret.text()));
    assertEquals(Optional.of(secret), Secret.parse(secret.text()));
  }

  @Test
  void kindsHaveThePrefixesThatScannersKnow() {
    assertEquals("entp_", Secret.Kind.PERSONAL.prefix());
    assertEquals("entb_", Secret.Kind.ROBOT.prefix());
    assertEquals("entr_", Secret.Kind.REFRESH.prefix());
    assertEquals("personal", Secret.Kind.PERSONAL.text());
  }

  @Test
  void theLastSixCharactersAreTheChecksumInBase62() {
    String text = Secret.generate(Secret.Kind.ROBOT).text();
    long number = 0;
    for (char c : text.substring(37).toCharArray()) {
      number = number * 62 + ALPHABET.indexOf(c);
    }
    CRC32 crc = new CRC32();
    crc.update(text.substring(0, 37).getBytes(StandardCharsets.US_ASCII));
    assertEquals(crc.getValue(), number);
  }

  @Property(tries = 300)
  void anyOtherCharacterAnywhereIsNoticed(
      @ForAll @IntRange(max = 42) int at, @ForAll @IntRange(min = 1, max = 61) int by) {
    String text = Secret.generate(Secret.Kind.PERSONAL).text();
    int digit = ALPHABET.indexOf(text.charAt(at));
    char other = digit < 0 ? 'x' : ALPHABET.charAt((digit + by) % 62);
    String changed = text.substring(0, at) + other + text.substring(at + 1);
    assertEquals(Optional.empty(), Secret.parse(changed));
  }

  @Test
  void whatIsNotOfTheFormIsNoSecret() {
    String text = Secret.generate(Secret.Kind.PERSONAL).text();
    for (String wrong :
        new String[] {
          "",
          "entp_",
          text + "0",
          text + "\n",
          " " + text,
          text.substring(1),
          text.substring(0, 42),
          text.replace("entp_", "entb_"),
          text.replace("entp_", "ENTP_"),
          text.replace("entp_", "entp-"),
          "ｅntp_" + text.substring(5)
        }) {
      assertEquals(Optional.empty(), Secret.parse(wrong), wrong);
    }
  }

  @Test
  void aSecretOfAnotherKindIsRefused() {
    String text = Secret.generate(Secret.Kind.PERSONAL).text();
    var refused =
        assertThrows(IllegalArgumentException.class, () -> new Secret(Secret.Kind.REFRESH, text));
    assertFalse(refused.getMessage().contains(text.substring(5)));
  }

  @Test
  void itIsStoredAsSha256OfTheWholeText() throws Exception {
    Secret secret = Secret.generate(Secret.Kind.REFRESH);
    assertArrayEquals(
        MessageDigest.getInstance("SHA-256").digest(secret.text().getBytes(StandardCharsets.UTF_8)),
        secret.sha256());
  }

  @Test
  void itIsNeverPrinted() {
    Secret secret = Secret.generate(Secret.Kind.PERSONAL);
    assertEquals("entp_…", secret.toString());
  }

  @Test
  void noTwoAreAlikeAndAllCharactersOccurEverywhere() {
    Set<String> all = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      String text = Secret.generate(Secret.Kind.PERSONAL).text();
      all.add(text);
      for (int at = 5; at < 37; at++) {
        seen.add(at + "" + text.charAt(at));
      }
    }
    assertEquals(2000, all.size());
    assertEquals(32 * 62, seen.size());
  }
}
