package dev.entrepot.auth.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWKSet;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
  @Test
  void whatIsStoredIsTheSameKeyAgain() {
    SigningKey key = SigningKey.generate();
    SigningKey again = SigningKey.decode(key.encodedPrivate(), key.encodedPublic());
    assertEquals(key.kid(), again.kid());
    assertArrayEquals(key.encodedPrivate(), again.encodedPrivate());
  }

  @Test
  void theNameIsTheThumbprint() throws Exception {
    SigningKey key = SigningKey.generate();
    assertEquals(key.jwk().computeThumbprint().toString(), key.kid());
    assertEquals(43, key.kid().length());
    assertNotEquals(key.kid(), SigningKey.generate().kid());
    assertEquals(key.kid(), key.toString());
  }

  @Test
  void otherKeysAreRefused() throws Exception {
    KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    KeyPair p384 = generator.generateKeyPair();
    SigningKey key = SigningKey.generate();
    byte[] secret = key.encodedPrivate();
    byte[] open = key.encodedPublic();
    for (KeyPair pair : List.of(rsa, p384)) {
      byte[] otherSecret = pair.getPrivate().getEncoded();
      byte[] otherOpen = pair.getPublic().getEncoded();
      assertThrows(IllegalArgumentException.class, () -> SigningKey.decode(otherSecret, otherOpen));
      assertThrows(IllegalArgumentException.class, () -> SigningKey.decode(secret, otherOpen));
      assertThrows(IllegalArgumentException.class, () -> SigningKey.decode(otherSecret, open));
    }
    assertThrows(IllegalArgumentException.class, () -> SigningKey.decode(new byte[3], open));
  }

  @Test
  void thePublishedDocumentHasPublicKeysOnly() throws Exception {
    SigningKey one = SigningKey.generate();
    SigningKey other = SigningKey.generate();
    String document = Jwks.document(List.of(one, other));
    assertFalse(document.contains("\"d\""));
    JWKSet read = JWKSet.parse(document);
    assertEquals(2, read.getKeys().size());
    assertFalse(read.containsNonPublicKeys());
    var published = read.getKeyByKeyId(one.kid());
    assertEquals("ES256", published.getAlgorithm().getName());
    assertEquals("sig", published.getKeyUse().identifier());
    assertTrue(document.startsWith("{\"keys\":["));
  }
}
