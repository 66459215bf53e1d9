package dev.entrepot.auth.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From when to when a token is good: its claims {@code iat}, {@code nbf}, {@code exp}.
 *
 * @param issuedAt to the millisecond where the issuer says so
 * @param notBefore where the issuer says so
 * @param expiresAt the token is good until, and not at, this instant
 */
public record Validity(Instant issuedAt, @Nullable Instant notBefore, Instant expiresAt) {
  /** No clock may be off by more. */
  public static final Duration MAX_SKEW = Duration.ofSeconds(60);

  private static final double YEAR_9999 = 253402300799.0;

  /**
   * Reads the claims.
   *
   * @throws TokenRefusedException when one is missing ({@code nbf} may) or no time
   */
  public static Validity of(Map<String, Object> claims) {
    return new Validity(
        instant(claims, "iat"),
        claims.containsKey("nbf") ? instant(claims, "nbf") : null,
        instant(claims, "exp"));
  }

  /**
   * Checks that the token is good now.
   *
   * @param skew how far the issuer's clock may be off; no more than {@link #MAX_SKEW} counts
   * @throws TokenRefusedException when it is not
   */
  public void check(Instant now, Duration skew) {
    Duration bounded = skew.compareTo(MAX_SKEW) < 0 ? skew : MAX_SKEW;
    Instant latest = now.plus(bounded);
    if (issuedAt.isAfter(latest) || notBefore != null && notBefore.isAfter(latest)) {
      throw TokenRefusedException.invalid("not valid yet");
    }
    if (!expiresAt.isAfter(now.minus(bounded))) {
      throw TokenRefusedException.expired();
    }
  }

  private static Instant instant(Map<String, Object> claims, String name) {
    if (claims.get(name) instanceof Number number) {
      double seconds = number.doubleValue();
      if (seconds >= 0 && seconds <= YEAR_9999) {
        return Instant.ofEpochMilli(Math.round(seconds * 1000));
      }
    }
    throw TokenRefusedException.invalid("claim " + name);
  }
}
