package dev.entrepot.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A path of the registry API, read from the right, because a name may itself contain {@code
 * /manifests/} or {@code /blobs/}.
 *
 * @param route which path it is
 * @param name the repository as the client wrote it, unchecked; empty where the route has none
 * @param argument the last segment (tag, digest, upload id), unchecked; empty where there is none
 */
public record RegistryPath(Route route, String name, String argument) {
  private static final String PREFIX = "/v2/";
  private static final RegistryPath BASE = new RegistryPath(Route.BASE, "", "");
  private static final RegistryPath CATALOG = new RegistryPath(Route.CATALOG, "", "");
  private static final RegistryPath UNKNOWN = new RegistryPath(Route.UNKNOWN, "", "");

  /** Whether the path belongs to the registry API at all. */
  public static boolean matches(String path) {
    return path.startsWith("/v2") && (path.length() == 3 || path.charAt(3) == '/');
  }

  /** Reads a path as it stands in the request line, without its query. */
  public static RegistryPath parse(String path) {
    if (path.length() <= PREFIX.length()) {
      return BASE;
    }
    int end = path.length();
    int slash = path.lastIndexOf('/');
    if (slash == end - 1) { // only the uploads may end in a slash
      String trimmed = path.substring(0, end - 1);
      return trimmed.endsWith("/blobs/uploads") ? parse(trimmed) : UNKNOWN;
    }
    if (slash < PREFIX.length()) {
      return path.equals("/v2/_catalog") ? CATALOG : UNKNOWN;
    }
    String last = path.substring(slash + 1);
    int keywordStart = path.lastIndexOf('/', slash - 1) + 1;
    return switch (path.substring(keywordStart, slash)) {
      case "manifests" -> of(Route.MANIFEST, path, keywordStart, last);
      case "referrers" -> of(Route.REFERRERS, path, keywordStart, last);
      case "tags" -> last.equals("list") ? of(Route.TAGS, path, keywordStart, "") : UNKNOWN;
      case "blobs" ->
          last.equals("uploads")
              ? of(Route.UPLOADS, path, keywordStart, "")
              : of(Route.BLOB, path, keywordStart, last);
      case "uploads" -> {
        int blobsStart = keywordStart - "blobs/".length();
        yield path.startsWith("blobs/", blobsStart) && path.charAt(blobsStart - 1) == '/'
            ? of(Route.UPLOAD, path, blobsStart, last)
            : UNKNOWN;
      }
      default -> UNKNOWN;
    };
  }

  private static RegistryPath of(Route route, String path, int keywordStart, String argument) {
    int nameEnd = keywordStart - 1;
    if (nameEnd <= PREFIX.length()) {
      return UNKNOWN;
    }
    return new RegistryPath(
        route, decodeName(path.substring(PREFIX.length(), nameEnd)), decode(argument));
  }

  /** A slash that hides in an escape would make two names of one path: it stays escaped. */
  private static String decodeName(String name) {
    return name.contains("%2F") || name.contains("%2f") ? name : decode(name);
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a malformed escape: '%' is in no grammar, so it is refused where it is used
    }
  }
}
