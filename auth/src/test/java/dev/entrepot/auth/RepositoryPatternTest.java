package dev.entrepot.auth;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryPatternTest {
  @ParameterizedTest
  @CsvSource({
    "acme/app, acme/app, true",
    "acme/app, acme/apps, false",
    "acme/app, xacme/app, false",
    "acme/*, acme/app, true",
    "acme/*, acme/a/b, false",
    "acme/*-ci, acme/app-ci, true",
    "acme/**, acme/a/b, true",
    "acme/**, other/a, false",
    "**, anything/at/all, true",
    "*, top, true",
    "*, not/top, false",
    "**/cache, a/b/cache, true",
    "**/cache, cache, false",
  })
  void matches(String pattern, String name, boolean expected) {
    assertEquals(expected, new RepositoryPattern(pattern).matches(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Acme/*", "acme/***", "acme/a b", "acme:1", "acme/\n", "ácme"})
  void whatMatchesNoNameIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> new RepositoryPattern(text));
  }

  @Test
  void lengthIsLimited() {
    assertDoesNotThrow(() -> new RepositoryPattern("a".repeat(255)));
    assertThrows(IllegalArgumentException.class, () -> new RepositoryPattern("a".repeat(256)));
  }
}
