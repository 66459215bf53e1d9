package dev.entrepot.login;

import dev.entrepot.auth.Subject;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Certificates that clients show when they connect, for accounts here. */
public interface ClientCertificates {
  /**
   * Whose the certificate is. The connection has verified that it was issued by an authority that
   * is trusted and that the client has its key. May block.
   *
   * @return empty when no rule matches or the account is disabled: the client is then as one
   *     without a certificate
   */
  Optional<Subject> find(X509Certificate certificate);
}
