package dev.entrepot.oci;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The canonical name of a repository: distribution-spec, "Pulling manifests", {@code <name>}. One
 * or more components, 255 characters at most. {@code library/x} is the repository {@code x}, as on
 * Docker Hub; the canonical name is the short one.
 *
 * @param value the canonical name
 */
public record RepositoryName(String value) implements Comparable<RepositoryName> {
  private static final int MAX_LENGTH = 255;
  private static final String LIBRARY = "library/";

  public RepositoryName {
    if (!isValid(value) || !canonical(value).equals(value)) {
      throw new IllegalArgumentException("not a canonical repository name");
    }
  }

  /** The first component of a canonical name of several; null for a name of one. */
  public static @Nullable String namespaceOf(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? null : name.substring(0, slash);
  }

  /** Reads a name as a client writes it; empty when it breaks the grammar. */
  public static Optional<RepositoryName> tryParse(String name) {
    return isValid(name) ? Optional.of(new RepositoryName(canonical(name))) : Optional.empty();
  }

  @Override
  public int compareTo(RepositoryName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static String canonical(String name) {
    return name.startsWith(LIBRARY) && name.indexOf('/', LIBRARY.length()) < 0
        ? name.substring(LIBRARY.length())
        : name;
  }

  // By hand, not by regular expression: this runs on every request, on the event loop.
  private static boolean isValid(String name) {
    int length = name.length();
    if (length == 0 || length > MAX_LENGTH) {
      return false;
    }
    int at = 0;
    while (true) {
      at = endOfComponent(name, at);
      if (at < 0) {
        return false;
      }
      if (at == length) {
        return true;
      }
      at++; // the slash
    }
  }

  /** Index of the slash or end after the component that starts at {@code at}; -1 if malformed. */
  private static int endOfComponent(String name, int at) {
    while (true) {
      int run = at;
      while (at < name.length() && isAlphanumeric(name.charAt(at))) {
        at++;
      }
      if (at == run) {
        return -1;
      }
      if (at == name.length() || name.charAt(at) == '/') {
        return at;
      }
      at = endOfSeparator(name, at);
      if (at < 0) {
        return -1;
      }
    }
  }

  /** The grammar's separators: one dot, one or two underscores, any number of dashes. */
  private static int endOfSeparator(String name, int at) {
    char c = name.charAt(at);
    int end = at;
    while (end < name.length() && name.charAt(end) == c) {
      end++;
    }
    int count = end - at;
    return switch (c) {
      case '.' -> count == 1 ? end : -1;
      case '_' -> count <= 2 ? end : -1;
      case '-' -> end;
      default -> -1;
    };
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }
}
