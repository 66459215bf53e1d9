package dev.entrepot.storage.testkit.tls;

/** An authority that issues certificates to clients. */
public final class CertificateAuthority implements AutoCloseable {
  private static final String ALIAS = "authority";

  private final Keytool keytool = new Keytool();
  private int issued;

  /** A new one; all of them have the same name, and each its own key. */
  public CertificateAuthority() {
    keytool.add(ALIAS, "CN=Test authority", Keytool.ELLIPTIC, "-ext", "bc:critical=ca:true");
  }

  /** The authority's own certificate. */
  public ServerCertificate own() {
    return keytool.get(ALIAS);
  }

  /**
   * Issues a certificate.
   *
   * @param name what it is for, such as {@code URI:spiffe://example.com/job}
   */
  public ServerCertificate issue(String name) {
    String alias = "issued" + issued++;
    keytool.add(alias, "CN=issued", Keytool.ELLIPTIC, "-signer", ALIAS, "-ext", "SAN=" + name);
    return keytool.get(alias);
  }

  @Override
  public void close() {
    keytool.close();
  }
}
