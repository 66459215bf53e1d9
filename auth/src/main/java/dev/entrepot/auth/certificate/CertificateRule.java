package dev.entrepot.auth.certificate;

import dev.entrepot.auth.Glob;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says which account a certificate stands for, by a pattern of one of its names. {@code *} is any
 * text within one label of a DNS name, one path segment of a URI, one side of an email address;
 * {@code **} any text.
 *
 * @param kind which of the names
 * @param pattern 1 to 512 characters; a URI's trust domain or host is written out
 * @param account whose it is
 */
public record CertificateRule(Kind kind, String pattern, String account) {
  private static final int MAX_LENGTH = 512;
  private static final int MAX_NAME_LENGTH = 2048;
  private static final String SPIFFE = "spiffe://";

  // The SPIFFE ID specification, section 2: no port, user, query, fragment, nor empty or dot
  // segments
  private static final Pattern SPIFFE_ID =
      Pattern.compile("spiffe://[a-z0-9._-]{1,255}(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)*");

  /** The names of a certificate. */
  public enum Kind {
    /** A subject alternative name. */
    DNS,
    /** A subject alternative name, such as a SPIFFE ID. */
    URI,
    /** A subject alternative name. */
    EMAIL,
    /** The subject's common name: only where the authority is known to check it. */
    COMMON_NAME;

    /** As settings name it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Checks the rule.
   *
   * @throws IllegalArgumentException when the pattern is empty, too long, nothing but stars, or
   *     leaves open whose URI it is
   */
  public CertificateRule {
    pattern =
        switch (kind) {
          case DNS -> pattern.toLowerCase(Locale.ROOT);
          case EMAIL -> CertificateNames.email(pattern);
          case URI, COMMON_NAME -> pattern;
        };
    if (pattern.length() > MAX_LENGTH || pattern.chars().allMatch(c -> c == '*')) {
      throw new IllegalArgumentException("pattern of certificates' names: " + pattern);
    }
    if (kind == Kind.URI && !isOfOneAuthority(pattern)) {
      throw new IllegalArgumentException("the URI's authority must be written out: " + pattern);
    }
  }

  /** The account of the first rule that the certificate matches. */
  public static Optional<String> account(List<CertificateRule> rules, CertificateNames names) {
    return rules.stream()
        .filter(rule -> rule.matches(names))
        .map(CertificateRule::account)
        .findFirst();
  }

  /** Whether one of the certificate's names matches. */
  public boolean matches(CertificateNames names) {
    return switch (kind) {
      case DNS -> any(names.dns(), '.');
      case URI -> (!pattern.startsWith(SPIFFE) || isSpiffe(names)) && any(names.uris(), '/');
      case EMAIL -> any(names.emails(), '@');
      case COMMON_NAME -> names.commonNames().size() == 1 && any(names.commonNames(), ' ');
    };
  }

  private boolean any(List<String> names, char boundary) {
    return names.stream()
        .anyMatch(
            name -> name.length() <= MAX_NAME_LENGTH && Glob.matches(pattern, name, boundary));
  }

  /** An X.509-SVID has exactly one URI. */
  private static boolean isSpiffe(CertificateNames names) {
    return names.uris().size() == 1 && SPIFFE_ID.matcher(names.uris().getFirst()).matches();
  }

  private static boolean isOfOneAuthority(String pattern) {
    int scheme = pattern.indexOf(':');
    int star = pattern.indexOf('*');
    int path = pattern.startsWith("://", scheme) ? pattern.indexOf('/', scheme + 3) : scheme;
    return scheme > 0 && (star < 0 || path >= 0 && star > path);
  }
}
