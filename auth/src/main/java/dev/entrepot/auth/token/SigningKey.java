package dev.entrepot.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** A key pair on P-256 that signs registry tokens. Its name is its RFC 7638 thumbprint. */
public final class SigningKey {
  private final ECKey key;

  private SigningKey(ECPublicKey publicKey, ECPrivateKey privateKey) {
    try {
      key =
          new ECKey.Builder(Curve.P_256, publicKey)
              .privateKey(privateKey)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .keyIDFromThumbprint()
              .build();
    } catch (JOSEException | IllegalStateException e) {
      throw new IllegalArgumentException("no key pair on P-256", e);
    }
  }

  /** Makes a new one. */
  public static SigningKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new SigningKey((ECPublicKey) pair.getPublic(), (ECPrivateKey) pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /**
   * Reads a stored one.
   *
   * @param pkcs8 the private key
   * @param x509 the public key
   * @throws IllegalArgumentException when they are no keys on P-256
   */
  public static SigningKey decode(byte[] pkcs8, byte[] x509) {
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      if (!(factory.generatePublic(new X509EncodedKeySpec(x509)) instanceof ECPublicKey open)
          || !(factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8))
              instanceof ECPrivateKey secret)
          || !Curve.P_256.equals(Curve.forECParameterSpec(secret.getParams()))) {
        throw new IllegalArgumentException("no key pair on P-256");
      }
      return new SigningKey(open, secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no key pair on P-256", e);
    }
  }

  /** The name that tokens and the published keys give it: 43 characters of base64url. */
  public String kid() {
    return key.getKeyID();
  }

  /** PKCS #8, to be stored. */
  public byte[] encodedPrivate() {
    try {
      return key.toECPrivateKey().getEncoded();
    } catch (JOSEException e) {
      throw new IllegalStateException("the key is an EC key", e);
    }
  }

  /** X.509 SubjectPublicKeyInfo, to be stored. */
  public byte[] encodedPublic() {
    try {
      return key.toECPublicKey().getEncoded();
    } catch (JOSEException e) {
      throw new IllegalStateException("the key is an EC key", e);
    }
  }

  /** Its name only. */
  @Override
  public String toString() {
    return kid();
  }

  ECKey jwk() {
    return key;
  }
}
