package dev.entrepot.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageKey;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlobRedirectsTest {
  private static final String REGISTRY = "https://registry.example.com";
  private static final String CLIENT = "198.51.100.7";
  private static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));
  private static final StorageKey KEY = new StorageKey("blobs/a");

  /** A store at another host, which remembers what it was asked. */
  private static final class PresigningStore extends ReadOnlyStore {
    private final String host;
    private PresignedRead asked;

    PresigningStore(String host) {
      this.host = host;
    }

    @Override
    public Optional<URI> presign(StorageKey key, PresignedRead read) {
      asked = read;
      return Optional.of(URI.create("https://" + host + "/bucket/" + key + "?signature=s"));
    }

    @Override
    public BlobContent open(StorageKey key, ByteRange range) {
      throw new UnsupportedOperationException();
    }
  }

  private final PresigningStore store = new PresigningStore("s3.example.net");

  private static BlobRedirects redirects(PresigningStore store, Map<String, String> settings) {
    Map<String, String> properties = new HashMap<>();
    properties.put("entrepot.storage.s3.public-endpoint", "https://" + store.host);
    settings.forEach((name, value) -> properties.put("entrepot.storage.redirect." + name, value));
    return new BlobRedirects(TestConfig.with(properties), store);
  }

  private boolean redirected(Map<String, String> settings, String client) {
    return redirects(store, settings).find(client, REGISTRY, DIGEST, large()).isPresent();
  }

  private static BlobLocation large() {
    return new BlobLocation(KEY, 64 * 1024);
  }

  private static boolean redirectedTo(String host, String registry) {
    return redirects(new PresigningStore(host), Map.of())
        .find(CLIENT, registry, DIGEST, large())
        .isPresent();
  }

  @Test
  void theUrlIsShortLivedAndSavesAFile() {
    assertTrue(redirected(Map.of("url-life", "3m"), CLIENT));
    assertEquals(Duration.ofMinutes(3), store.asked.ttl());
    assertEquals("application/octet-stream", store.asked.contentType());
    assertEquals(Optional.of("sha256-" + "a".repeat(64)), store.asked.fileName());
  }

  @Test
  void smallBlobsComeFromHere() {
    var small = new BlobLocation(KEY, 64 * 1024 - 1);
    assertEquals(
        Optional.empty(), redirects(store, Map.of()).find(CLIENT, REGISTRY, DIGEST, small));
  }

  @Test
  void withoutAnAddressForClientsBytesComeFromHere() {
    var redirects = new BlobRedirects(TestConfig.defaults(), store);
    assertEquals(Optional.empty(), redirects.find(CLIENT, REGISTRY, DIGEST, large()));
  }

  @Test
  void redirectsCanBeTurnedOff() {
    assertEquals(false, redirected(Map.of("enabled", "false"), CLIENT));
  }

  @Test
  void networksSayWhoIsSentOn() {
    Map<String, String> inside = Map.of("networks", "10.0.0.0/8,fd00::/8");
    assertEquals(true, redirected(inside, "10.1.2.3"));
    assertEquals(true, redirected(inside, "fd00::1"));
    assertEquals(false, redirected(inside, CLIENT));
    Map<String, String> part = Map.of("networks", "10.0.0.0/8", "except-networks", "10.9.0.0/16");
    assertEquals(true, redirected(part, "10.1.2.3"));
    assertEquals(false, redirected(part, "10.9.2.3"));
  }

  @Test
  void malformedNetworksAreRefused() {
    var refusal =
        assertThrows(StartupException.class, () -> redirected(Map.of("networks", "10.0.0"), "x"));
    assertTrue(refusal.getMessage().contains("entrepot.storage.redirect.networks"));
  }

  @Test
  void nobodyIsSentWhereTheirCredentialsWouldGoToo() {
    assertEquals(false, redirectedTo("registry.example.com", REGISTRY));
    assertEquals(false, redirectedTo("S3.registry.example.com:9000", REGISTRY));
    assertEquals(false, redirectedTo("127.0.0.1:9000", "http://127.0.0.1:5000"));
    assertEquals(true, redirectedTo("example.com", REGISTRY));
    assertEquals(true, redirectedTo("otherregistry.example.com", REGISTRY));
    assertEquals(true, redirectedTo("localhost:9000", "http://127.0.0.1:5000"));
  }

  @Test
  void nobodyIsSentToTheCdnWhileBlobsAreInAnotherStoreToo() {
    Map<String, String> cdn = new HashMap<>();
    cdn.put("entrepot.storage.redirect.cdn.type", "nginx");
    cdn.put("entrepot.storage.redirect.cdn.url", "https://cdn.example.net/");
    cdn.put("entrepot.storage.redirect.cdn.secret", "hush");
    assertEquals(Optional.of("cdn.example.net"), host(cdn));
    cdn.put("entrepot.storage.previous.type", "filesystem");
    assertEquals(Optional.empty(), host(cdn));
    cdn.put("entrepot.storage.s3.public-endpoint", "https://s3.example.net");
    assertEquals(Optional.of("s3.example.net"), host(cdn));
  }

  private Optional<String> host(Map<String, String> settings) {
    return new BlobRedirects(TestConfig.with(settings), store)
        .find(CLIENT, REGISTRY, DIGEST, large())
        .map(URI::getHost);
  }
}
