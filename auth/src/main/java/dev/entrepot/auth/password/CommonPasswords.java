package dev.entrepot.auth.password;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The passwords that are tried first: some thousand words, and what people make of them to please a
 * rule. The words are in the resource {@code common-passwords.txt}, which says where they are from.
 */
final class CommonPasswords {
  private static final String DIGITS_FOR = "@483!10$57";
  private static final String LETTERS = "aabeiiosst";
  private static final Set<String> WORDS = load();

  private CommonPasswords() {}

  static boolean contains(String password) {
    String lower = password.toLowerCase(Locale.ROOT);
    String core = withoutEnds(lower);
    return isRun(lower) || isKnown(lower) || isKnown(core) || isKnown(letters(core));
  }

  private static boolean isKnown(String text) {
    String unit = repeated(text);
    return !unit.isEmpty() && (WORDS.contains(unit) || isShort(text, unit) || isTwoWords(unit));
  }

  /** Something of up to three characters, over and over. */
  private static boolean isShort(String text, String unit) {
    return unit.length() <= 3 && text.length() >= 2 * unit.length();
  }

  private static boolean isTwoWords(String text) {
    for (int i = 1; i < text.length(); i++) {
      if (WORDS.contains(text.substring(0, i)) && WORDS.contains(text.substring(i))) {
        return true;
      }
    }
    return false;
  }

  /** The shortest text that the whole one repeats, perhaps cut off at the end. */
  private static String repeated(String text) {
    for (int length = 1; length <= text.length() / 2; length++) {
      if (text.startsWith(text.substring(length))) {
        return text.substring(0, length);
      }
    }
    return text;
  }

  /** Each character follows the one before, up or down: {@code abcdefghij}, {@code 9876543210}. */
  private static boolean isRun(String text) {
    int steps = text.length() - 1;
    long up = 0;
    long down = 0;
    for (int i = 1; i <= steps; i++) {
      int step = text.charAt(i) - text.charAt(i - 1);
      up += step == 1 ? 1 : 0;
      down += step == -1 ? 1 : 0;
    }
    return up >= steps - 1 || down >= steps - 1; // one jump: 1234567890
  }

  /** Without digits and signs before the first and after the last letter. */
  private static String withoutEnds(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && !Character.isLetter(text.charAt(start))) {
      start++;
    }
    while (end > start && !Character.isLetter(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static String letters(String text) {
    return text.chars()
        .map(c -> DIGITS_FOR.indexOf(c) < 0 ? c : LETTERS.charAt(DIGITS_FOR.indexOf(c)))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static Set<String> load() {
    InputStream resource = CommonPasswords.class.getResourceAsStream("common-passwords.txt");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(resource), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Arrays.stream(line.split(" ")))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
