package dev.entrepot.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Signs seals: ES256, over the hash of the seal. */
final class SealKey {
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

  private final byte[] pkcs8;
  private final byte[] x509;

  /**
   * A stored one.
   *
   * @param pkcs8 the private key; empty when it is only to verify
   * @param x509 the public key
   */
  SealKey(byte[] pkcs8, byte[] x509) {
    this.pkcs8 = pkcs8;
    this.x509 = x509;
  }

  static SealKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new SealKey(pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /** The name of the key: base64url of the SHA-256 of the public one. */
  String kid() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Hashes.sha256(x509));
  }

  byte[] encodedPrivate() {
    return pkcs8.clone();
  }

  byte[] encodedPublic() {
    return x509.clone();
  }

  byte[] sign(byte[] hash) {
    try {
      PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(hash);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the audit key cannot sign", e);
    }
  }

  /** Whether this key has signed it; false also when the key or the signature is garbage. */
  boolean hasSigned(byte[] hash, byte[] signed) {
    try {
      PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(x509));
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(hash);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Its name only. */
  @Override
  public String toString() {
    return kid();
  }
}
