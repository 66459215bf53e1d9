package dev.entrepot.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void defaultsListenOnLoopbackOnly() {
    EntrepotConfig settings = load(Map.of());
    assertEquals("127.0.0.1", settings.http().host());
    assertEquals(5000, settings.http().port());
    assertEquals(Path.of(System.getProperty("user.home"), ".entrepot"), settings.dataDir());
  }

  @Test
  void unknownPropertyIsNamedWithTheNearestOne() {
    assertEquals(
        "entrepot.http.prot is no setting; did you mean entrepot.http.port?",
        refusal(Map.of("entrepot.http.prot", "1")));
  }

  @Test
  void unknownVariableIsNamedWithTheNearestOne() {
    var refusal =
        assertThrows(
            ConfigurationException.class,
            () -> Settings.load(sources(Map.of()), Set.of("PATH", "ENTREPOT_HTTP_PRT")));
    assertEquals(
        "ENTREPOT_HTTP_PRT is no setting; did you mean ENTREPOT_HTTP_PORT?", refusal.getMessage());
  }

  @Test
  void variablesOfAKubernetesServiceAreNoSettings() {
    Settings.load(
        sources(Map.of()),
        Set.of(
            "ENTREPOT_SERVICE_HOST",
            "ENTREPOT_SERVICE_PORT_HTTP",
            "ENTREPOT_PORT",
            "ENTREPOT_PORT_5000_TCP",
            "ENTREPOT_PORT_5000_TCP_ADDR"));
  }

  @Test
  void bucketToAdoptIsReachedAsTheOwnOneUnlessTold() {
    AdoptS3Config none = load(Map.of()).adopt().s3();
    assertEquals(Optional.empty(), none.endpoint());
    assertEquals(Optional.empty(), none.ca());
    assertEquals("us-east-1", none.region());
    AdoptS3Config source =
        load(Map.of(
                "entrepot.storage.s3.endpoint", "http://own",
                "entrepot.storage.s3.region", "own",
                "entrepot.storage.s3.path-style", "false",
                "entrepot.storage.s3.access-key", "own",
                "entrepot.adopt.s3.endpoint", "http://theirs",
                "entrepot.adopt.s3.access-key", ""))
            .adopt()
            .s3();
    assertEquals(Optional.of("http://theirs"), source.endpoint());
    assertEquals("own", source.region());
    assertEquals(false, source.pathStyle());
    assertEquals(Optional.empty(), source.accessKey());
  }

  @Test
  void everyFaultIsTold() {
    String refusal = refusal(Map.of("entrepot.a", "1", "entrepot.b", "2"));
    assertEquals(2, refusal.lines().count(), refusal);
  }

  @Test
  void malformedNumberIsNamed() {
    String refusal = refusal(Map.of("entrepot.http.port", "many"));
    assertEquals("entrepot.http.port: Expected an integer value, got \"many\"", refusal);
  }

  @Test
  void malformedDurationIsNamed() {
    String refusal = refusal(Map.of("entrepot.http.idle-timeout", "soon"));
    assertTrue(refusal.contains("entrepot.http.idle-timeout: Invalid duration: soon"), refusal);
    assertEquals(1, refusal.lines().count(), refusal);
  }

  @Test
  void malformedSizeIsNamed() {
    String refusal = refusal(Map.of("entrepot.manifest.max-size", "4 apples"));
    assertTrue(refusal.startsWith("entrepot.manifest.max-size: "), refusal);
    assertEquals(1, refusal.lines().count(), refusal);
  }

  @Test
  void unknownStorageTypeIsNamed() {
    String refusal = refusal(Map.of("entrepot.storage.type", "tape"));
    assertTrue(refusal.startsWith("entrepot.storage.type: "), refusal);
  }

  @Test
  void hostBeyondLoopbackIsTakenWithAccounts() {
    load(Map.of("entrepot.http.host", "0.0.0.0"));
  }

  @Test
  void hostBeyondLoopbackNeedsPermissionWithoutAccounts() {
    String refusal = refusal(Map.of("entrepot.http.host", "0.0.0.0", "entrepot.auth.mode", "off"));
    assertTrue(refusal.contains("entrepot.http.allow-unauthenticated=true"), refusal);
  }

  @Test
  void hostBeyondLoopbackIsTakenWithPermission() {
    load(
        Map.of(
            "entrepot.http.host", "0.0.0.0",
            "entrepot.auth.mode", "off",
            "entrepot.http.allow-unauthenticated", "true"));
  }

  @Test
  void certificateWithoutKeyIsRefused() {
    String refusal = refusal(Map.of("entrepot.http.tls.certificate", "/etc/hostname"));
    assertTrue(refusal.contains("set both, or neither"), refusal);
  }

  @Test
  void absentCertificateFileIsRefused() {
    String refusal =
        refusal(
            Map.of(
                "entrepot.http.tls.certificate", "/absent/cert.pem",
                "entrepot.http.tls.key", "/absent/key.pem"));
    assertTrue(refusal.contains("/absent/cert.pem cannot be read"), refusal);
  }

  @Test
  void databaseAddressOfAnotherKindIsRefused() {
    String refusal = refusal(Map.of("entrepot.database.url", "jdbc:mysql://db/entrepot"));
    assertTrue(refusal.startsWith("entrepot.database.url: "), refusal);
  }

  @Test
  void providersAreNamedByTheOperator() {
    EntrepotConfig settings =
        load(
            Map.of(
                "entrepot.auth.oidc.keycloak.issuer", "https://id.example.com/realms/a",
                "entrepot.auth.oidc.keycloak.client-id", "entrepot",
                "entrepot.auth.oidc.keycloak.client-secret", "secret"));
    assertEquals("entrepot", settings.auth().oidc().get("keycloak").clientId());
  }

  @Test
  void providersAreSetByVariablesToo() {
    Map<String, String> variables =
        Map.of(
            "ENTREPOT_AUTH_OIDC_KEYCLOAK_ISSUER", "https://id.example.com/realms/a",
            "ENTREPOT_AUTH_OIDC_KEYCLOAK_CLIENT_ID", "entrepot",
            "ENTREPOT_AUTH_OIDC_KEYCLOAK_CLIENT_SECRET", "secret");
    EntrepotConfig settings =
        Settings.load(
            sources(Map.of()).withSources(new EnvConfigSource(variables, 300)), variables.keySet());
    assertEquals("entrepot", settings.auth().oidc().get("keycloak").clientId());
  }

  @Test
  void unknownSettingOfAProviderIsNamed() {
    String refusal = refusal(Map.of("entrepot.auth.oidc.keycloak.isuer", "https://id.example.com"));
    assertTrue(refusal.contains("did you mean entrepot.auth.oidc.<name>.issuer?"), refusal);
  }

  @Test
  void issuerWithoutEncryptionIsRefusedBeyondLoopback() {
    String refusal =
        refusal(
            Map.of(
                "entrepot.auth.oidc.keycloak.issuer", "http://id.example.com",
                "entrepot.auth.oidc.keycloak.client-id", "entrepot",
                "entrepot.auth.oidc.keycloak.client-secret", "secret"));
    assertTrue(refusal.startsWith("entrepot.auth.oidc.keycloak.issuer: must be https"), refusal);
  }

  @Test
  void directoryAndProviderOfOneNameAreRefused() {
    String refusal =
        refusal(
            Map.of(
                "entrepot.auth.oidc.corp.issuer", "https://id.example.com",
                "entrepot.auth.oidc.corp.client-id", "entrepot",
                "entrepot.auth.oidc.corp.client-secret", "secret",
                "entrepot.auth.ldap.corp.url", "ldaps://ldap.example.com",
                "entrepot.auth.ldap.corp.user-base", "dc=example"));
    assertTrue(refusal.startsWith("entrepot.auth.ldap.corp: "), refusal);
  }

  private static EntrepotConfig load(Map<String, String> properties) {
    return Settings.load(sources(properties), Set.of());
  }

  private static String refusal(Map<String, String> properties) {
    return assertThrows(ConfigurationException.class, () -> load(properties)).getMessage();
  }

  private static SmallRyeConfigBuilder sources(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withSources(
            new PropertiesConfigSource(
                Map.of("user.home", System.getProperty("user.home")), "system", 400),
            new PropertiesConfigSource(properties, "test", 500));
  }
}
