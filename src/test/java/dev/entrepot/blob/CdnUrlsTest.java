package dev.entrepot.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.CdnConfig;
import dev.entrepot.config.TestConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdnUrlsTest {
  private static final StorageKey KEY = new StorageKey("blobs/sha256/ab/abcd.1");
  private static final PresignedRead READ =
      new PresignedRead(Duration.ofMinutes(10), "application/octet-stream", Optional.empty());
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
  private static final String EXPIRES = "1700000600";

  @TempDir Path directory;

  private static Optional<BlobUrls> cdn(Map<String, String> settings) {
    Map<String, String> properties = new HashMap<>();
    settings.forEach(
        (name, value) -> properties.put("entrepot.storage.redirect.cdn." + name, value));
    CdnConfig config = TestConfig.with(properties).storage().redirect().cdn();
    return CdnUrls.of(config, CLOCK);
  }

  private static URI url(Map<String, String> settings) {
    return cdn(settings).orElseThrow().url(KEY, READ).orElseThrow();
  }

  private static Map<String, String> query(URI url) {
    return Arrays.stream(url.getRawQuery().split("&"))
        .map(parameter -> parameter.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  private Path pem(KeyPair pair) throws Exception {
    String base64 = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
    return Files.writeString(
        directory.resolve("key.pem"),
        "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
  }

  @Test
  void withoutATypeThereIsNone() {
    assertEquals(Optional.empty(), cdn(Map.of()));
  }

  @Test
  void cloudFrontCanCheckTheUrlWithThePublicKey() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    URI url =
        url(
            Map.of(
                "type", "cloudfront",
                "url", "https://d111.cloudfront.net",
                "key-id", "K1",
                "private-key", pem(pair).toString()));
    String resource = "https://d111.cloudfront.net/blobs/sha256/ab/abcd.1";
    assertTrue(url.toString().startsWith(resource + "?"), url.toString());
    Map<String, String> query = query(url);
    assertEquals(EXPIRES, query.get("Expires"));
    assertEquals("K1", query.get("Key-Pair-Id"));
    assertEquals("SHA256", query.get("Hash-Algorithm"));

    String policy =
        "{'Statement':[{'Resource':'RESOURCE','Condition':{'DateLessThan':{'AWS:EpochTime':1700000600}}}]}"
            .replace('\'', '"')
            .replace("RESOURCE", resource);
    String base64 = query.get("Signature").replace('-', '+').replace('_', '=').replace('~', '/');
    Signature check = Signature.getInstance("SHA256withRSA");
    check.initVerify(pair.getPublic());
    check.update(policy.getBytes(StandardCharsets.UTF_8));
    assertTrue(check.verify(Base64.getDecoder().decode(base64)));
  }

  @Test
  void secureLinksAreWhatNginxComputes() throws Exception {
    URI url =
        url(
            Map.of(
                "type", "nginx",
                "url", "http://cdn.example.net/registry/",
                "secret", "hush"));
    assertEquals("/registry/blobs/sha256/ab/abcd.1", url.getPath());
    byte[] md5 =
        MessageDigest.getInstance("MD5")
            .digest((EXPIRES + url.getPath() + " hush").getBytes(StandardCharsets.UTF_8));
    Map<String, String> query = query(url);
    assertEquals(EXPIRES, query.get("expires"));
    assertEquals(Base64.getUrlEncoder().withoutPadding().encodeToString(md5), query.get("md5"));
  }

  @Test
  void whatIsMissingIsNamed() {
    Map<String, String> incomplete = Map.of("type", "nginx", "url", "https://c.example.net");
    var refusal = assertThrows(StartupException.class, () -> cdn(incomplete));
    assertTrue(refusal.getMessage().startsWith("entrepot.storage.redirect.cdn.secret: "));
  }

  @Test
  void aKeyThatCannotBeReadIsNoSecretInTheMessage() throws Exception {
    Path file = Files.writeString(directory.resolve("bad.pem"), "hush");
    var refusal =
        assertThrows(
            StartupException.class,
            () ->
                cdn(
                    Map.of(
                        "type", "cloudfront",
                        "url", "https://d111.cloudfront.net",
                        "key-id", "K1",
                        "private-key", file.toString())));
    assertTrue(refusal.getMessage().contains(file.toString()));
    assertFalse(refusal.getMessage().contains("hush"));
  }
}
