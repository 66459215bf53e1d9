package dev.entrepot.auth.password;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * Which passwords are good enough, after NIST SP 800-63B: long enough and not among the first that
 * anybody would try; no rules about kinds of characters.
 */
public final class PasswordPolicy {
  /** In code points. */
  public static final int MIN_LENGTH = 10;

  /** In code points. */
  public static final int MAX_LENGTH = 256;

  private static final int SHORTEST_NAME = 3;
  private static final int REST = 6;

  /** What is wrong with a password. */
  public enum Flaw {
    /** Shorter than {@link #MIN_LENGTH}. */
    TOO_SHORT("must have at least " + MIN_LENGTH + " characters"),
    /** Longer than {@link #MAX_LENGTH}. */
    TOO_LONG("must have at most " + MAX_LENGTH + " characters"),
    /** Cannot be sent by every client: RFC 7617 forbids control characters. */
    NOT_TEXT("must not have control characters"),
    /** The user's name and hardly anything else. */
    USER_NAME("must not be the user name with a few characters more"),
    /** Among the first that anybody would try. */
    COMMON("is one of the most common passwords, or a variant of one");

    private final String message;

    Flaw(String message) {
      this.message = message;
    }

    /** What to tell the user: goes on after "the password". */
    public String message() {
      return message;
    }
  }

  private PasswordPolicy() {}

  /** What is wrong with a password that a user wants to have; empty when nothing is. */
  public static Optional<Flaw> check(String userName, String password) {
    String text = normal(password);
    int length = text.codePointCount(0, text.length());
    if (length < MIN_LENGTH) {
      return Optional.of(Flaw.TOO_SHORT);
    }
    if (length > MAX_LENGTH) {
      return Optional.of(Flaw.TOO_LONG);
    }
    if (text.codePoints().anyMatch(PasswordPolicy::isNoText)) {
      return Optional.of(Flaw.NOT_TEXT);
    }
    if (isName(userName.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT))) {
      return Optional.of(Flaw.USER_NAME);
    }
    return CommonPasswords.contains(text) ? Optional.of(Flaw.COMMON) : Optional.empty();
  }

  /** One form of what different keyboards send for the same characters. */
  static String normal(String password) {
    return Normalizer.normalize(password, Normalizer.Form.NFKC);
  }

  private static boolean isNoText(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
  }

  private static boolean isName(String name, String password) {
    return name.equals(password)
        || name.length() >= SHORTEST_NAME
            && password.contains(name)
            && password.replace(name, "").length() < REST;
  }
}
