package dev.entrepot.tagrule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.oci.TagName;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagPatternTest {
  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0, true",
    "1.0, 1x0, false",
    "1.0, 1.0.1, false",
    "v*, v1.2, true",
    "v*, v, true",
    "v*, V1, false",
    "*, latest, true",
    "*-rc*, 1.0-rc1, true",
    "*-rc*, 1.0, false",
    "v*.*, v1, false",
    "v*.*, v1.2.3, true"
  })
  void starsAreAnyTextAndTheRestIsItself(String pattern, String tag, boolean matches) {
    assertEquals(matches, new TagPattern(pattern).matches(new TagName(tag)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", ".x", "-x", "a?", "[a]", "a\n"})
  void whatCouldMatchNoTagIsNoPattern(String text) {
    assertThrows(IllegalArgumentException.class, () -> new TagPattern(text));
  }

  @Test
  void aPatternOfManyStarsIsDoneInTime() {
    TagPattern pattern = new TagPattern("*a".repeat(60) + "*b");
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(1), () -> pattern.matches(new TagName("a".repeat(128))));
  }
}
