package dev.entrepot.auth.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * A random secret: a prefix that tells secret scanners what it is, 32 characters of 190 random
 * bits, and 6 of the CRC-32 over both, so that a mistyped or made-up one costs no look-up. What is
 * stored is its {@link #sha256}, which with so many random bits needs no slow hash.
 *
 * @param kind what it is good for
 * @param text the whole secret; never logged, and shown once
 */
public record Secret(Kind kind, String text) {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_LENGTH = 32;
  private static final int CHECKSUM_LENGTH = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What a secret is good for. */
  public enum Kind {
    /** A user's personal access token. */
    PERSONAL("entp_"),
    /** A robot's secret. */
    ROBOT("entb_"),
    /** Gets registry tokens for whoever has signed in with {@code docker login}. */
    REFRESH("entr_");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }

    /** What every secret of the kind begins with. */
    public String prefix() {
      return prefix;
    }

    /** As rows name it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the form and the checksum.
   *
   * @throws IllegalArgumentException when it is no secret of the kind; the message does not hold it
   */
  public Secret {
    if (!isValid(kind, text)) {
      throw new IllegalArgumentException("no secret of kind " + kind.text());
    }
  }

  /** Makes a new one. */
  public static Secret generate(Kind kind) {
    return generate(kind, RANDOM);
  }

  static Secret generate(Kind kind, RandomGenerator random) {
    StringBuilder text = new StringBuilder(kind.prefix);
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return new Secret(kind, text.append(checksum(text.toString())).toString());
  }

  /** Reads what a client sent; empty when it cannot be a secret that was made here. */
  public static Optional<Secret> parse(String text) {
    for (Kind kind : Kind.values()) {
      if (isValid(kind, text)) {
        return Optional.of(new Secret(kind, text));
      }
    }
    return Optional.empty();
  }

  /** What is stored of it. */
  public byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Its kind only. */
  @Override
  public String toString() {
    return kind.prefix + "…";
  }

  private static boolean isValid(Kind kind, String text) {
    int end = kind.prefix.length() + RANDOM_LENGTH;
    return text.length() == end + CHECKSUM_LENGTH
        && text.startsWith(kind.prefix)
        && text.chars().skip(kind.prefix.length()).allMatch(c -> DIGITS.indexOf(c) >= 0)
        && text.endsWith(checksum(text.substring(0, end)));
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    StringBuilder digits = new StringBuilder();
    for (long rest = crc.getValue(); digits.length() < CHECKSUM_LENGTH; rest /= DIGITS.length()) {
      digits.append(DIGITS.charAt((int) (rest % DIGITS.length())));
    }
    return digits.reverse().toString();
  }
}
