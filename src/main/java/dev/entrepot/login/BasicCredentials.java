package dev.entrepot.login;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The user name and password of {@code Authorization: Basic} (RFC 7617).
 *
 * @param name of the account, as the client says it
 * @param password whatever proves it; never logged
 */
record BasicCredentials(String name, String password) {
  private static final String SCHEME = "Basic ";
  private static final int MAX_LENGTH = 24 * 1024;

  /** Reads the header; null when it is of another scheme, or malformed. */
  static @Nullable BasicCredentials parse(String header) {
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || header.length() > MAX_LENGTH) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      String text = new String(decoded, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0 || text.indexOf('\0') >= 0
          ? null
          : new BasicCredentials(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return name;
  }
}
