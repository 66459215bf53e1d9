package dev.entrepot.auth.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The names that a certificate is for. Whether it is to be believed is for TLS to see.
 *
 * @param dns subject alternative names, lower case
 * @param uris subject alternative names, as they are
 * @param emails subject alternative names, the domain in lower case
 * @param commonNames of the subject; nobody checks what an authority puts there
 */
public record CertificateNames(
    List<String> dns, List<String> uris, List<String> emails, List<String> commonNames) {
  // RFC 5280, GeneralName
  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int URI = 6;

  public CertificateNames {
    dns = List.copyOf(dns);
    uris = List.copyOf(uris);
    emails = List.copyOf(emails);
    commonNames = List.copyOf(commonNames);
  }

  /**
   * Reads them. Names with control characters are left out: they are there to be misread.
   *
   * @throws IllegalArgumentException when the certificate's names break their form
   */
  public static CertificateNames of(X509Certificate certificate) {
    List<String> dns = new ArrayList<>();
    List<String> uris = new ArrayList<>();
    List<String> emails = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (!(name.get(0) instanceof Integer kind)
            || !(name.get(1) instanceof String text)
            || !isPlain(text)) {
          continue;
        }
        switch (kind) {
          case DNS -> dns.add(text.toLowerCase(Locale.ROOT));
          case URI -> uris.add(text);
          case EMAIL -> emails.add(email(text));
          default -> {}
        }
      }
      return new CertificateNames(dns, uris, emails, commonNames(certificate));
    } catch (CertificateParsingException | InvalidNameException e) {
      throw new IllegalArgumentException("names of a certificate", e);
    }
  }

  static String email(String text) {
    int at = text.lastIndexOf('@');
    return text.substring(0, at + 1) + text.substring(at + 1).toLowerCase(Locale.ROOT);
  }

  private static List<String> commonNames(X509Certificate certificate) throws InvalidNameException {
    List<String> names = new ArrayList<>();
    for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
      var values = rdn.toAttributes().get("CN");
      if (values != null && values.size() == 1 && rdn.size() == 1) {
        String text = String.valueOf(rdn.getValue());
        if (isPlain(text)) {
          names.add(text);
        }
      }
    }
    return names;
  }

  private static boolean isPlain(String text) {
    return !text.isEmpty() && text.chars().noneMatch(Character::isISOControl);
  }
}
