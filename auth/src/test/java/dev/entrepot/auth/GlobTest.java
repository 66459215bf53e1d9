package dev.entrepot.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GlobTest {
  @Property(tries = 5000)
  void agreesWithTheObviousRecursion(
      @ForAll("patterns") String pattern, @ForAll("texts") String text) {
    assertEquals(obvious(pattern, text, true), Glob.matches(pattern, text, '/'));
  }

  @Property(tries = 2000)
  void agreesWithTheObviousRecursionWithoutBoundary(
      @ForAll("patterns") String pattern, @ForAll("texts") String text) {
    assertEquals(obvious(pattern, text, false), Glob.matches(pattern, text, Glob.NO_BOUNDARY));
  }

  @Test
  void starStopsAtTheBoundaryAndTwoStarsDoNot() {
    assertTrue(Glob.matches("acme/*", "acme/app", '/'));
    assertFalse(Glob.matches("acme/*", "acme/team/app", '/'));
    assertTrue(Glob.matches("acme/**", "acme/team/app", '/'));
    assertTrue(Glob.matches("acme/*/app", "acme/team/app", '/'));
    assertFalse(Glob.matches("acme/**", "acmeevil/app", '/'));
    assertFalse(Glob.matches("acme/**", "acme", '/'));
  }

  @Test
  void nothingButStarsIsSpecial() {
    assertFalse(Glob.matches("a.b", "axb", '/'));
    assertFalse(Glob.matches("a?", "ab", '/'));
    assertTrue(Glob.matches("", "", '/'));
    assertFalse(Glob.matches("", "a", '/'));
  }

  @Test
  void manyStarsTakeNoTime() {
    String pattern = "a**".repeat(80) + "b";
    String text = "a".repeat(255);
    assertFalse(
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> Glob.matches(pattern, text, '/')));
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of("a", "b", "/", "*", "**")
        .list()
        .ofMaxSize(8)
        .map(l -> String.join("", l));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "b", "/").list().ofMaxSize(10).map(l -> String.join("", l));
  }

  private static boolean obvious(String pattern, String text, boolean bounded) {
    if (pattern.isEmpty()) {
      return text.isEmpty();
    }
    if (!pattern.startsWith("*")) {
      return !text.isEmpty()
          && pattern.charAt(0) == text.charAt(0)
          && obvious(pattern.substring(1), text.substring(1), bounded);
    }
    boolean deep = pattern.startsWith("**");
    String rest = pattern.substring(deep ? 2 : 1);
    return obvious(rest, text, bounded)
        || !text.isEmpty()
            && (deep || !bounded || text.charAt(0) != '/')
            && obvious(pattern, text.substring(1), bounded);
  }
}
