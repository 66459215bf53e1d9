package dev.entrepot.config;

/** Which account a client's certificate stands for. */
public interface CertificateConfig {
  /** Which of the certificate's names is looked at; the last only if your authority checks it. */
  Kind kind();

  /**
   * What the name has to be; {@code *} is any text within one label of a DNS name, one path segment
   * of a URI, one side of an address for mail, {@code **} any text. The authority of a URI, such as
   * a SPIFFE trust domain, has to be written out.
   */
  String pattern();

  /** The user's name, or the robot's, {@code organisation+robot}. */
  String account();

  /** The names of a certificate. */
  enum Kind {
    DNS,
    URI,
    EMAIL,
    COMMON_NAME
  }
}
