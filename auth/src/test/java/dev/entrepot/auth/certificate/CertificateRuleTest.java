package dev.entrepot.auth.certificate;

import static dev.entrepot.auth.certificate.CertificateRule.Kind.COMMON_NAME;
import static dev.entrepot.auth.certificate.CertificateRule.Kind.DNS;
import static dev.entrepot.auth.certificate.CertificateRule.Kind.EMAIL;
import static dev.entrepot.auth.certificate.CertificateRule.Kind.URI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRuleTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "spiffe://acme.example/ns/build/sa/kaniko, spiffe://acme.example/ns/build/sa/kaniko, true",
    "spiffe://acme.example/ns/build/sa/*, spiffe://acme.example/ns/build/sa/kaniko, true",
    "spiffe://acme.example/ns/*/sa/ci, spiffe://acme.example/ns/build/sa/ci, true",
    "spiffe://acme.example/ns/*/sa/ci, spiffe://acme.example/ns/a/b/sa/ci, false",
    "spiffe://acme.example/**, spiffe://acme.example/ns/a/b, true",
    "spiffe://acme.example/**, spiffe://acme.example.evil/ns, false",
    "spiffe://acme.example/**, spiffe://evil/acme.example/ns, false",
    "spiffe://acme.example/**, spiffe://acme.example/a/../b, false",
    "spiffe://acme.example/**, spiffe://acme.example/a//b, false",
    "spiffe://acme.example/**, spiffe://acme.example/a?b, false",
    "spiffe://acme.example/**, spiffe://acme.example/%2e%2e, false",
    "spiffe://acme.example/a, spiffe://acme.example/A, false",
    "urn:ci:*, urn:ci:7, true",
  })
  void urisAreMatchedBySegments(String pattern, String uri, boolean expected) {
    assertEquals(expected, new CertificateRule(URI, pattern, "x").matches(uris(uri)));
  }

  @Test
  void aSpiffeIdIsTheOnlyUri() {
    CertificateRule rule = new CertificateRule(URI, "spiffe://acme.example/ci", "x");
    assertTrue(rule.matches(uris("spiffe://acme.example/ci")));
    assertFalse(rule.matches(uris("spiffe://acme.example/ci", "https://other.example/")));
    assertFalse(rule.matches(uris()));
  }

  @ParameterizedTest
  @CsvSource({
    "*.ci.example, a.ci.example, true",
    "*.ci.example, A.CI.example, true",
    "*.ci.example, a.b.ci.example, false",
    "*.ci.example, ci.example, false",
    "CI.example, ci.example, true",
    "**.example, a.b.example, true",
  })
  void dnsNamesAreMatchedByLabels(String pattern, String name, boolean expected) {
    CertificateNames names =
        new CertificateNames(List.of(name.toLowerCase()), List.of(), List.of(), List.of());
    assertEquals(expected, new CertificateRule(DNS, pattern, "x").matches(names));
  }

  @Test
  void anEmailsStarStopsAtTheAt() {
    CertificateRule rule = new CertificateRule(EMAIL, "*@Acme.example", "x");
    assertTrue(rule.matches(emails("anna@acme.example")));
    assertFalse(rule.matches(emails("a@evil.example@acme.example")));
    assertFalse(rule.matches(emails("anna@acme.example.evil")));
  }

  @Test
  void aRuleLooksAtItsOwnKindOfNameOnly() {
    CertificateNames names =
        new CertificateNames(List.of(), List.of(), List.of(), List.of("ci.example"));
    assertFalse(new CertificateRule(DNS, "ci.example", "x").matches(names));
    assertTrue(new CertificateRule(COMMON_NAME, "ci.example", "x").matches(names));
    CertificateNames two =
        new CertificateNames(List.of(), List.of(), List.of(), List.of("ci.example", "other"));
    assertFalse(new CertificateRule(COMMON_NAME, "ci.example", "x").matches(two));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "**",
        "spiffe://*/ci",
        "spiffe://acme*/ci",
        "spiffe://*",
        "*://acme/ci",
        "*",
        "noscheme*",
        "https://a*"
      })
  void patternsThatLeaveOpenWhoseUriItIsAreRefused(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> new CertificateRule(URI, pattern, "x"));
  }

  @Test
  void theFirstRuleThatMatchesCounts() {
    List<CertificateRule> rules =
        List.of(
            new CertificateRule(DNS, "a.example", "none"),
            new CertificateRule(URI, "urn:ci:*", "acme+ci"),
            new CertificateRule(URI, "urn:ci:7", "acme+other"));
    assertEquals(Optional.of("acme+ci"), CertificateRule.account(rules, uris("urn:ci:7")));
    assertEquals(Optional.empty(), CertificateRule.account(rules, uris("urn:x")));
    assertEquals("common-name", COMMON_NAME.text());
  }

  @Test
  void namesAreReadFromACertificate() throws Exception {
    CertificateNames names =
        CertificateNames.of(
            certificate(
                "CN=anna,OU=CN\\=fake,O=Acme",
                "dns:Host.Acme.example,uri:spiffe://acme.example/ci,email:Anna@ACME.example"));
    assertEquals(List.of("host.acme.example"), names.dns());
    assertEquals(List.of("spiffe://acme.example/ci"), names.uris());
    assertEquals(List.of("Anna@acme.example"), names.emails());
    assertEquals(List.of("anna"), names.commonNames());
  }

  @Test
  void aCertificateMayHaveNoAlternativeNames() throws Exception {
    CertificateNames names = CertificateNames.of(certificate("O=Acme", null));
    assertEquals(new CertificateNames(List.of(), List.of(), List.of(), List.of()), names);
  }

  private X509Certificate certificate(String subject, String names) throws Exception {
    Path store = directory.resolve("store.p12");
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "x",
                "-keyalg",
                "EC",
                "-dname",
                subject,
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString()));
    if (names != null) {
      command.addAll(List.of("-ext", "san=" + names));
    }
    Process keytool = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, keytool.waitFor());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    return (X509Certificate) keys.getCertificate("x");
  }

  private static CertificateNames uris(String... uris) {
    return new CertificateNames(List.of(), List.of(uris), List.of(), List.of());
  }

  private static CertificateNames emails(String... emails) {
    return new CertificateNames(List.of(), List.of(), List.of(emails), List.of());
  }
}
