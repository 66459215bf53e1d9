package dev.entrepot.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import dev.entrepot.auth.Access;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** Makes registry tokens: JWTs signed by ES256. Signing takes about a millisecond of processor. */
public final class TokenIssuer {
  private static final Duration SHORTEST = Duration.ofSeconds(60);

  private final String issuer;
  private final String audience;
  private final Duration life;
  private final KeyRing keys;
  private final InstantSource clock;

  /**
   * A token and what it says.
   *
   * @param text the secret itself
   */
  public record Issued(String text, RegistryToken token) {
    /** Without the text. */
    @Override
    public String toString() {
      return token.toString();
    }
  }

  /**
   * Of one registry.
   *
   * @param audience the service's name, as challenges give it
   * @param life how long a token is good: whole seconds, at least the 60 that the Docker protocol
   *     promises
   */
  public TokenIssuer(
      String issuer, String audience, Duration life, KeyRing keys, InstantSource clock) {
    if (life.compareTo(SHORTEST) < 0 || life.getNano() != 0) {
      throw new IllegalArgumentException("tokens live 60 seconds or more");
    }
    this.issuer = issuer;
    this.audience = audience;
    this.life = life;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Makes one. Whether the subject may do what it will hold was decided before.
   *
   * @param subject its limits are not looked at
   * @param seen goes into the token as it is
   */
  public Issued issue(Subject subject, List<Access> access, String seen) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Subject limited =
        new Subject(
            subject.kind(),
            subject.id(),
            subject.name(),
            subject.credential(),
            new Limits.Granted(access));
    RegistryToken token =
        new RegistryToken(
            UUID.randomUUID().toString(),
            limited,
            seen,
            now,
            now.truncatedTo(ChronoUnit.SECONDS).plus(life));
    SigningKey key = keys.current();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).keyID(key.kid()).build();
    JWSObject jws = new JWSObject(header, new Payload(token.claims(issuer, audience)));
    try {
      jws.sign(new ECDSASigner(key.jwk()));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
    return new Issued(jws.serialize(), token);
  }
}
