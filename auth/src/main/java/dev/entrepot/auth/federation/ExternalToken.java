package dev.entrepot.auth.federation;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A token of a trusted issuer, checked: signed by it, for the audience agreed, good at the time.
 *
 * @param issuer whose it is
 * @param subject its {@code sub}
 * @param expiresAt until when it is good
 * @param claims all it says
 */
public record ExternalToken(
    TrustedIssuer issuer, String subject, Instant expiresAt, Map<String, Object> claims) {
  public ExternalToken {
    claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
  }

  /**
   * The texts of a claim, to be matched; of an array, those of its elements. Numbers and truth
   * values are as JSON writes them; null and objects have none.
   *
   * <p>An {@code email} has none unless {@code email_verified} is true: at many issuers anybody may
   * enter any address.
   *
   * @param name a claim, or, with a slash before, the way into objects: {@code
   *     /kubernetes.io/namespace}
   */
  List<String> texts(String name) {
    if (name.equals("email") && !Boolean.TRUE.equals(claims.get("email_verified"))) {
      return List.of();
    }
    Object value = claims;
    for (String step : name.startsWith("/") ? name.substring(1).split("/", -1) : one(name)) {
      if (!(value instanceof Map<?, ?> object) || object.get(step) == null) {
        return List.of();
      }
      value = object.get(step);
    }
    List<?> values = value instanceof List<?> list ? list : List.of(value);
    return values.stream()
        .filter(v -> v instanceof String || v instanceof Number || v instanceof Boolean)
        .map(String::valueOf)
        .toList();
  }

  private static String[] one(String name) {
    return new String[] {name};
  }

  /** Without the claims: they may be personal. */
  @Override
  public String toString() {
    return issuer.issuer() + " " + subject;
  }
}
