package dev.entrepot.auth.federation;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import dev.entrepot.auth.token.Jws;
import dev.entrepot.auth.token.TokenRefusedException;
import dev.entrepot.auth.token.Validity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens of trusted issuers: signed JWTs, as CI systems and OpenID Connect providers give
 * out. Keys come from the issuer's own document and never from the token.
 */
public final class ExternalTokenVerifier {
  /** A longer token is refused before it is looked at, in characters. */
  public static final int MAX_LENGTH = 16 * 1024;

  private static final int MAX_KID_LENGTH = 256;

  /** Those that the JDK has by itself; all of a key pair, none of a shared secret. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final IssuerKeySource keys;
  private final Duration maxAge;
  private final InstantSource clock;

  /**
   * A verifier of any number of issuers.
   *
   * @param maxAge how long ago a token may have been issued, however long it says that it is good
   */
  public ExternalTokenVerifier(IssuerKeySource keys, Duration maxAge, InstantSource clock) {
    this.keys = keys;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  /**
   * Checks a token. May block.
   *
   * @param issuers finds a trusted issuer by its exact name, which comes from whoever sends the
   *     token
   * @throws TokenRefusedException when the token is not a good one of a trusted issuer
   * @throws IssuerUnavailableException when the issuer's keys cannot be had
   */
  public ExternalToken verify(String text, Function<String, Optional<TrustedIssuer>> issuers) {
    Jws jws = Jws.parse(text, MAX_LENGTH);
    JWSHeader header = jws.header();
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      throw TokenRefusedException.invalid("algorithm");
    }
    Map<String, Object> claims = jws.claims();
    TrustedIssuer issuer = issuer(claims, issuers);
    jws.check(verifier(issuer, header));
    if (!isFor(issuer.audience(), claims.get("aud"))) {
      throw TokenRefusedException.invalid("another audience");
    }
    Validity validity = Validity.of(claims);
    Instant now = clock.instant();
    validity.check(now, Validity.MAX_SKEW);
    if (validity.issuedAt().isBefore(now.minus(maxAge))) {
      throw TokenRefusedException.expired();
    }
    if (!(claims.get("sub") instanceof String subject) || subject.isEmpty()) {
      throw TokenRefusedException.invalid("no subject");
    }
    return new ExternalToken(issuer, subject, validity.expiresAt(), claims);
  }

  private static TrustedIssuer issuer(
      Map<String, Object> claims, Function<String, Optional<TrustedIssuer>> issuers) {
    if (!(claims.get("iss") instanceof String name)) {
      throw TokenRefusedException.invalid("no issuer");
    }
    return issuers
        .apply(name)
        .filter(issuer -> issuer.issuer().equals(name)) // a database may compare otherwise
        .orElseThrow(() -> TokenRefusedException.invalid("issuer not trusted"));
  }

  private JWSVerifier verifier(TrustedIssuer issuer, JWSHeader header) {
    String kid = header.getKeyID();
    if (kid == null || kid.isEmpty() || kid.length() > MAX_KID_LENGTH) {
      throw TokenRefusedException.invalid("no key named");
    }
    JWSAlgorithm algorithm = header.getAlgorithm();
    return keys.known(issuer)
        .verifier(kid, algorithm)
        .or(() -> keys.refreshed(issuer).verifier(kid, algorithm))
        .orElseThrow(() -> TokenRefusedException.invalid("unknown key"));
  }

  private static boolean isFor(String audience, @Nullable Object aud) {
    return aud instanceof List<?> several ? several.contains(audience) : audience.equals(aud);
  }
}
