package dev.entrepot.auth;

import java.util.Locale;
import java.util.Optional;

/** Who may pull from a repository without a role in it. */
public enum Visibility {
  /** Everybody, without an account too. */
  PUBLIC,
  /** Every user of this registry; no robot. */
  INTERNAL,
  /** Nobody. To others it looks as if it did not exist. */
  PRIVATE;

  /** As settings and rows name it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The visibility of a name; empty for a name that is none. */
  public static Optional<Visibility> find(String text) {
    for (Visibility visibility : values()) {
      if (visibility.text().equals(text)) {
        return Optional.of(visibility);
      }
    }
    return Optional.empty();
  }
}
