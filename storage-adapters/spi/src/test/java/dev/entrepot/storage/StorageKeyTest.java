package dev.entrepot.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageKeyTest {
  private static final String CHARACTERS = "abcxyz0189._-";

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.strings()
        .withChars(CHARACTERS)
        .ofMinLength(1)
        .ofMaxLength(20)
        .filter(segment -> !segment.startsWith("."))
        .list()
        .ofMinSize(1)
        .ofMaxSize(10)
        .map(segments -> String.join("/", segments));
  }

  @Property
  void segmentsOfTheAlphabetAreAKey(@ForAll("keys") String text) {
    assertEquals(text, new StorageKey(text).value());
    assertEquals(text, new StorageKey(text).toString());
  }

  @Property
  void anyOtherCharacterIsRejected(
      @ForAll("keys") String text, @ForAll char other, @ForAll int position) {
    if (CHARACTERS.indexOf(other) < 0
        && !(other >= 'a' && other <= 'z')
        && other != '/'
        && !(other >= '0' && other <= '9')) {
      int at = Math.floorMod(position, text.length() + 1);
      assertRejected(text.substring(0, at) + other + text.substring(at));
    }
  }

  @Property
  void noKeyLeadsOutOfItsFolder(@ForAll("keys") String text) {
    for (String hostile :
        List.of("../" + text, text + "/..", "/" + text, text + "/", "./" + text, text + "//a")) {
      assertRejected(hostile);
    }
  }

  @Property
  void textIsBounded(@ForAll @StringLength(min = 1025, max = 5000) String text) {
    assertRejected("a".repeat(text.length()));
    assertRejected("a/".repeat(text.length() / 2) + "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", ".", "..", "a/./b", "a/../b", "a/.b", "A", "a\\b", "a b", "a\n"})
  void otherTextIsRejected(String text) {
    assertRejected(text);
  }

  private static void assertRejected(String text) {
    assertThrows(IllegalArgumentException.class, () -> new StorageKey(text));
  }
}
