package dev.entrepot.http;

/** {@code If-Match} and {@code If-None-Match}: RFC 9110, section 13.1. */
public final class Conditions {
  private Conditions() {}

  /**
   * Whether a list of entity tags, or {@code *}, holds this one. Weak tags compare as strong ones:
   * a digest is as strong as a tag can be.
   *
   * @param header the header's value
   * @param etag with its quotation marks
   */
  public static boolean matches(String header, String etag) {
    for (String candidate : header.split(",")) {
      String tag = candidate.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  /** The entity tag of content: its digest in quotation marks. */
  public static String etag(Object digest) {
    return '"' + digest.toString() + '"';
  }
}
