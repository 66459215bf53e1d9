package dev.entrepot.auth.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.List;

/** The document with the public keys, RFC 7517. */
public final class Jwks {
  /** Its media type. */
  public static final String MEDIA_TYPE = "application/jwk-set+json";

  private Jwks() {}

  /** Writes the public halves. */
  public static String document(List<SigningKey> keys) {
    List<JWK> open =
        keys.stream().map(key -> key.jwk().toPublicJWK()).map(JWK.class::cast).toList();
    return new JWKSet(open).toString(true);
  }
}
