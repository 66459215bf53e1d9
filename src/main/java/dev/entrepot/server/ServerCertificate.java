package dev.entrepot.server;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What the server proves its name with.
 *
 * @param chain its own certificate and those that it was issued by
 * @param key the private key of its own
 */
record ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
  X509Certificate own() {
    return chain.getFirst();
  }

  Instant validUntil() {
    return own().getNotAfter().toInstant();
  }
}
