package dev.entrepot.auth.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.OperationType;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.util.ssl.KeyStoreKeyManager;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import com.unboundid.util.ssl.TrustStoreTrustManager;
import dev.entrepot.auth.ldap.LdapSettings.GroupSearch;
import dev.entrepot.auth.ldap.LdapSettings.Security;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LdapDirectoryTest {
  private static final String ANNA = "uid=anna,ou=people,dc=acme,dc=example";
  private static final String DEV = "cn=dev,ou=groups,dc=acme,dc=example";
  private static final String SERVICE = "cn=service,dc=acme,dc=example";

  @TempDir static Path directory;
  private static InMemoryDirectoryServer server;
  private static SSLContext trusting;

  @BeforeAll
  static void start() throws Exception {
    String store = certificateOf("localhost");
    trusting =
        new SSLUtil(new TrustStoreTrustManager(store, "changeit".toCharArray(), "PKCS12", true))
            .createSSLContext();
    InMemoryDirectoryServerConfig config = listening(store);
    config.setSchema(null);
    config.addAdditionalBindCredentials(SERVICE, "service-password");
    config.setAuthenticationRequiredOperationTypes(OperationType.SEARCH);
    server = new InMemoryDirectoryServer(config);
    server.add("dn: dc=acme,dc=example", "objectClass: domain", "dc: acme");
    server.add("dn: ou=people,dc=acme,dc=example", "objectClass: top", "ou: people");
    server.add("dn: ou=groups,dc=acme,dc=example", "objectClass: top", "ou: groups");
    user("anna", "mail: anna@acme.example", "memberOf: " + DEV);
    user("bob(1)*\\");
    user("{dn}");
    server.add(
        "dn: uid=twin,ou=groups,dc=acme,dc=example",
        "objectClass: top",
        "uid: twin",
        "userPassword: twin-password",
        "entryId: id-x");
    user("twin");
    server.add("dn: " + DEV, "objectClass: top", "cn: dev", "member: " + ANNA);
    server.add(
        "dn: cn=ops,ou=groups,dc=acme,dc=example",
        "objectClass: top",
        "cn: ops",
        "member: uid=twin,ou=people,dc=acme,dc=example");
    server.startListening();
  }

  @AfterAll
  static void stop() {
    server.shutDown(true);
  }

  @ParameterizedTest
  @EnumSource(Security.class)
  void aUserIsFoundAndThePasswordChecked(Security security) {
    try (LdapDirectory ldap = directory(security, "localhost", Optional.empty())) {
      assertEquals(
          Optional.of(new LdapUser("id-anna", ANNA, Optional.of("anna@acme.example"), Set.of(DEV))),
          ldap.authenticate("anna", "anna-password"));
      assertEquals(Optional.empty(), ldap.authenticate("anna", "bob-password"));
      assertTrue(ldap.authenticate("anna", "anna-password").isPresent());
    }
  }

  @Test
  void anEmptyPasswordIsNeverRight() {
    try (LdapDirectory ldap = plain()) {
      assertEquals(Optional.empty(), ldap.authenticate("anna", ""));
      assertEquals(Optional.empty(), ldap.authenticate("", "anna-password"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "ann*", "anna)(uid=*", "anna)(|(uid=*)", "nobody", "\u0000", "{user}"})
  void aNameIsNoPartOfTheFilter(String name) {
    try (LdapDirectory ldap = plain()) {
      assertEquals(Optional.empty(), ldap.authenticate(name, "anna-password"));
    }
  }

  @Test
  void strangeCharactersInANameAreThemselves() {
    try (LdapDirectory ldap = plain()) {
      assertEquals(
          Optional.of("id-bob(1)*\\"),
          ldap.authenticate("bob(1)*\\", "bob(1)*\\-password").map(LdapUser::id));
      assertTrue(ldap.authenticate("{dn}", "{dn}-password").isPresent());
    }
  }

  @Test
  void whoIsThereTwiceIsNobody() {
    try (LdapDirectory ldap = plain()) {
      assertEquals(Optional.empty(), ldap.authenticate("twin", "twin-password"));
    }
  }

  @Test
  void groupsAreSearchedByTheirMembers() {
    GroupSearch search = new GroupSearch("ou=groups,dc=acme,dc=example", "(member={dn})");
    try (LdapDirectory ldap = directory(Security.NONE, "localhost", Optional.of(search))) {
      assertEquals(Set.of(DEV), ldap.authenticate("anna", "anna-password").orElseThrow().groups());
      assertEquals(Set.of(), ldap.authenticate("{dn}", "{dn}-password").orElseThrow().groups());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Security.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aCertificateOfAnotherHostIsNotTalkedTo(Security security) throws Exception {
    InMemoryDirectoryServerConfig config = listening(certificateOf("other.example"));
    config.addAdditionalBindCredentials(SERVICE, "service-password");
    InMemoryDirectoryServer other = new InMemoryDirectoryServer(config);
    other.startListening();
    int port = other.getListenPort(security == Security.LDAPS ? "tls" : "plain");
    SSLContext trustsAnybody = new SSLUtil(new TrustAllTrustManager()).createSSLContext();
    LdapSettings settings =
        settings(
            security, trustsAnybody, "localhost", port, "service-password", "dn", Optional.empty());
    try (LdapDirectory ldap = new LdapDirectory(settings)) {
      var refused =
          assertThrows(
              LdapUnavailableException.class, () -> ldap.authenticate("anna", "anna-password"));
      assertTrue(refused.getCause().getMessage().contains("other.example"));
    } finally {
      other.shutDown(true);
    }
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsNotTalkedTo() throws Exception {
    SSLContext trustsOthers =
        new SSLUtil(
                new TrustStoreTrustManager(
                    certificateOf("localhost"), "changeit".toCharArray(), "PKCS12", true))
            .createSSLContext();
    for (Security security : new Security[] {Security.STARTTLS, Security.LDAPS}) {
      LdapSettings settings =
          settings(
              security,
              trustsOthers,
              "localhost",
              port(security),
              "service-password",
              "dn",
              Optional.empty());
      try (LdapDirectory ldap = new LdapDirectory(settings)) {
        assertThrows(
            LdapUnavailableException.class, () -> ldap.authenticate("anna", "anna-password"));
      }
    }
  }

  @Test
  void aWrongServiceAccountIsAnErrorAndNoWrongPassword() {
    LdapSettings wrong =
        settings(
            Security.NONE, "localhost", port(Security.NONE), "wrong", "entryId", Optional.empty());
    try (LdapDirectory ldap = new LdapDirectory(wrong)) {
      assertThrows(
          LdapUnavailableException.class, () -> ldap.authenticate("anna", "anna-password"));
    }
  }

  @Test
  void aUserWithoutTheLastingIdIsAnError() {
    LdapSettings other =
        settings(
            Security.NONE,
            "localhost",
            port(Security.NONE),
            "service-password",
            "x",
            Optional.empty());
    try (LdapDirectory ldap = new LdapDirectory(other)) {
      assertThrows(
          LdapUnavailableException.class, () -> ldap.authenticate("anna", "anna-password"));
    }
  }

  @Test
  void aDirectoryThatSaysNothingIsGivenUpOn() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        LdapDirectory ldap =
            new LdapDirectory(
                settings(
                    Security.NONE,
                    "localhost",
                    silent.getLocalPort(),
                    "x",
                    "dn",
                    Optional.empty()))) {
      assertThrows(
          LdapUnavailableException.class, () -> ldap.authenticate("anna", "anna-password"));
    }
  }

  @Test
  void settingsThatCannotWorkAreRefusedAndThePasswordIsNotPrinted() {
    LdapSettings good =
        settings(Security.NONE, "localhost", 1, "service-password", "dn", Optional.empty());
    assertFalse(good.toString().contains("service-password"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            settings(
                Security.NONE,
                "localhost",
                1,
                "x",
                "dn",
                Optional.of(new GroupSearch("dc=x", "(member=all)"))));
  }

  private static InMemoryDirectoryServerConfig listening(String store) throws Exception {
    SSLUtil serving =
        new SSLUtil(new KeyStoreKeyManager(store, "changeit".toCharArray(), "PKCS12", "x"), null);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=acme,dc=example");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "plain", loopback, 0, serving.createSSLSocketFactory()),
        InMemoryListenerConfig.createLDAPSConfig(
            "tls", loopback, 0, serving.createSSLServerSocketFactory(), null));
    return config;
  }

  /** A store with a key and a certificate of this host. */
  private static String certificateOf(String host) throws Exception {
    String store = directory.resolve(host + System.nanoTime() + ".p12").toString();
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "x",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store)
            .inheritIO()
            .start();
    assertEquals(0, keytool.waitFor());
    return store;
  }

  private static void user(String name, String... more) throws Exception {
    var entry = new Entry(new DN(new RDN("uid", name), new DN("ou=people,dc=acme,dc=example")));
    entry.addAttribute("objectClass", "top");
    entry.addAttribute("uid", name);
    entry.addAttribute("userPassword", name + "-password");
    entry.addAttribute("entryId", "id-" + name);
    for (String line : more) {
      entry.addAttribute(line.split(": ")[0], line.split(": ")[1]);
    }
    server.add(entry);
  }

  private static int port(Security security) {
    return server.getListenPort(security == Security.LDAPS ? "tls" : "plain");
  }

  private static LdapDirectory plain() {
    return directory(Security.NONE, "localhost", Optional.empty());
  }

  private static LdapDirectory directory(
      Security security, String host, Optional<GroupSearch> groups) {
    return new LdapDirectory(
        settings(security, host, port(security), "service-password", "entryId", groups));
  }

  private static LdapSettings settings(
      Security security,
      String host,
      int port,
      String password,
      String idAttribute,
      Optional<GroupSearch> groups) {
    return settings(security, trusting, host, port, password, idAttribute, groups);
  }

  private static LdapSettings settings(
      Security security,
      SSLContext tls,
      String host,
      int port,
      String password,
      String idAttribute,
      Optional<GroupSearch> groups) {
    return new LdapSettings(
        host,
        port,
        security,
        tls,
        SERVICE,
        password,
        "dc=acme,dc=example",
        "(uid={user})",
        idAttribute,
        "memberOf",
        groups,
        2,
        Duration.ofSeconds(2));
  }
}
