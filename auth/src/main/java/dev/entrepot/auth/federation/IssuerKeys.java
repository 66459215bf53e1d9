package dev.entrepot.auth.federation;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;

/** The public keys of an issuer, out of its JWKS document. */
public final class IssuerKeys {
  private static final int MAX_LENGTH = 256 * 1024;
  private static final int MAX_KEYS = 100;
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;

  private final List<JWK> keys;

  private IssuerKeys(List<JWK> keys) {
    this.keys = keys;
  }

  /**
   * Reads the document. Keys that cannot be used here are left out.
   *
   * @throws IllegalArgumentException when it is none, or too large
   */
  public static IssuerKeys parse(String jwks) {
    if (jwks.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("JWKS document too large");
    }
    try {
      List<JWK> keys = JWKSet.parse(jwks).getKeys();
      if (keys.size() > MAX_KEYS) {
        throw new IllegalArgumentException("JWKS document of too many keys");
      }
      return new IssuerKeys(keys);
    } catch (ParseException e) {
      throw new IllegalArgumentException("no JWKS document", e);
    }
  }

  /** What checks signatures of this key and algorithm; empty when there is no such key for it. */
  Optional<JWSVerifier> verifier(String kid, JWSAlgorithm algorithm) {
    return keys.stream()
        .filter(key -> kid.equals(key.getKeyID()))
        .filter(key -> key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
        .filter(key -> key.getAlgorithm() == null || algorithm.equals(key.getAlgorithm()))
        .flatMap(key -> verifier(key, algorithm).stream())
        .findFirst();
  }

  /** By the kind of key, never by what the token says alone: a public key is no shared secret. */
  private static Optional<JWSVerifier> verifier(JWK key, JWSAlgorithm algorithm) {
    try {
      if (key instanceof RSAKey rsa
          && JWSAlgorithm.Family.RSA.contains(algorithm)
          && rsa.size() >= MIN_RSA_BITS
          && rsa.size() <= MAX_RSA_BITS) {
        return Optional.of(new RSASSAVerifier(rsa.toRSAPublicKey()));
      }
      if (key instanceof ECKey ec
          && JWSAlgorithm.Family.EC.contains(algorithm)
          && Curve.forJWSAlgorithm(algorithm).contains(ec.getCurve())) {
        return Optional.of(new ECDSAVerifier(ec.toECPublicKey()));
      }
      return Optional.empty();
    } catch (JOSEException e) {
      return Optional.empty();
    }
  }
}
