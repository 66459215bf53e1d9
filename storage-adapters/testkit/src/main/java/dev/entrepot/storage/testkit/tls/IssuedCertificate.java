package dev.entrepot.storage.testkit.tls;

/**
 * A server's certificate and the authority that issued it.
 *
 * @param authority what clients are to trust
 * @param server for a host name and for 127.0.0.1
 */
public record IssuedCertificate(ServerCertificate authority, ServerCertificate server) {
  /** Makes a new authority and has it issue a certificate for the host. */
  public static IssuedCertificate create(String host) {
    String names = "SAN=DNS:" + host + ",IP:127.0.0.1";
    try (Keytool keytool = new Keytool()) {
      keytool.add(
          "authority", "CN=Test authority", Keytool.ELLIPTIC, "-ext", "bc:critical=ca:true");
      keytool.add("server", "CN=" + host, Keytool.ELLIPTIC, "-signer", "authority", "-ext", names);
      return new IssuedCertificate(keytool.get("authority"), keytool.get("server"));
    }
  }
}
