package dev.entrepot.storage.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import dev.entrepot.storage.testkit.s3.S3Server;
import dev.entrepot.storage.testkit.tls.IssuedCertificate;
import io.minio.credentials.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that a real server encrypts: they come back whole, and are nowhere to be read. */
class S3EncryptionIT {
  private static final String KMS_KEY = "registry-key";
  private static final String ENCRYPTION = "X-Amz-Server-Side-Encryption";
  private static final S3Encryption.OwnKey OWN_KEY = ownKey(1);
  private static final int SIZE = 12 << 20;

  private static IssuedCertificate certificate;
  private static S3Server server;

  private final String bucket = "b-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    S3Server.Kind kind = S3Server.Kind.MINIO;
    Assumptions.assumeTrue(kind.isInstalled(), kind.program() + " is not installed");
    certificate = IssuedCertificate.create("localhost");
    String key = KMS_KEY + ":" + Base64.getEncoder().encodeToString(OWN_KEY.key());
    server =
        S3Server.builder(kind).tls(certificate).environment("MINIO_KMS_SECRET_KEY", key).start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static S3Encryption.OwnKey ownKey(int seed) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) seed);
    return new S3Encryption.OwnKey(key);
  }

  private S3Settings settings(S3Encryption encryption) {
    return Buckets.encrypted(server, bucket, encryption);
  }

  private S3BlobStore open(S3Encryption encryption) {
    if (!Files.exists(server.objects().resolve(bucket))) {
      Buckets.make(server, bucket);
    }
    return S3BlobStore.open(settings(encryption));
  }

  static Stream<Arguments> kinds() {
    String custom = ENCRYPTION + "-Customer-Algorithm";
    return Stream.of(
        Arguments.of(new S3Encryption.StoreKeys(), ENCRYPTION, "AES256"),
        Arguments.of(new S3Encryption.ManagedKey(KMS_KEY), ENCRYPTION, "aws:kms"),
        Arguments.of(OWN_KEY, custom, "AES256"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void allThatIsStoredIsEncrypted(S3Encryption encryption, String header, String value)
      throws Exception {
    try (S3BlobStore store = open(encryption)) {
      store.claim(UUID.randomUUID());
      StoredBlob small = put(store, text(1000));
      StoredBlob large = putInTwoRequests(store, text(SIZE));
      StoredBlob restored = restore(store, text(SIZE + 1));

      for (StoredBlob blob : List.of(small, large, restored)) {
        byte[] content = text((int) blob.size());
        assertArrayEquals(content, read(store, blob, 0, content.length));
        int from = content.length - 700;
        byte[] end = Arrays.copyOfRange(content, from, content.length);
        assertArrayEquals(end, read(store, blob, from, 700));
        assertEquals(Optional.of(digest(content)), store.digest(blob.key()));
        assertEquals(value, header(encryption, blob.key(), header));
      }
      assertEquals(3, store.list(null, 10).size());
      assertFalse(isReadableOnDisk());
    }
  }

  @Test
  void withoutEncryptionTheTextIsOnTheDisk() throws IOException {
    try (S3BlobStore store = open(new S3Encryption.Default())) {
      put(store, text(1000));
      assertTrue(isReadableOnDisk());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void presignedUrlsNeedNoKeyOrThereAreNone(S3Encryption encryption, String header, String value)
      throws Exception {
    try (S3BlobStore store = open(encryption);
        HttpClient client =
            HttpClient.newBuilder().sslContext(certificate.authority().trust()).build()) {
      StoredBlob blob = putInTwoRequests(store, text(SIZE));
      var read = new PresignedRead(Duration.ofMinutes(1), "text/plain", Optional.empty());
      Optional<URI> url = store.presign(blob.key(), read);

      assertEquals(encryption != OWN_KEY, url.isPresent());
      if (url.isPresent()) {
        var whole =
            client.send(HttpRequest.newBuilder(url.get()).build(), BodyHandlers.ofByteArray());
        assertEquals(200, whole.statusCode());
        assertArrayEquals(text(SIZE), whole.body());
        assertEquals(value, whole.headers().firstValue(header).orElseThrow());
      }
    }
  }

  @Test
  void blobsUnderAnotherKeyAreAwayAndNotLost() throws IOException {
    StoredBlob blob;
    try (S3BlobStore store = open(OWN_KEY)) {
      blob = put(store, text(1000));
    }
    for (S3Encryption wrong : List.of(ownKey(2), new S3Encryption.Default())) {
      try (S3BlobStore store = open(wrong)) {
        assertThrows(StorageException.Unavailable.class, () -> read(store, blob, 0, 10));
        assertThrows(StorageException.Unavailable.class, () -> store.stat(blob.key()));
      }
    }
  }

  private static byte[] text(int size) {
    return "to be read by nobody else ".repeat(size / 26 + 1).substring(0, size).getBytes(US_ASCII);
  }

  private static Digest digest(byte[] content) {
    return Digest.ofContent(DigestAlgorithm.SHA256, content);
  }

  private static StoredBlob put(S3BlobStore store, byte[] content) {
    try (BlobUpload upload = store.startUpload(UUID.randomUUID(), DigestAlgorithm.SHA256)) {
      upload.append(List.of(ByteBuffer.wrap(content)));
      return upload.commit(digest(content));
    }
  }

  /** In parts, with bytes after the last part when the first request ends. */
  private static StoredBlob putInTwoRequests(S3BlobStore store, byte[] content) {
    UUID id = UUID.randomUUID();
    UploadState state;
    try (BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256)) {
      upload.append(List.of(ByteBuffer.wrap(content, 0, content.length - 1000)));
      state = upload.suspend();
    }
    try (BlobUpload upload = store.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
      upload.append(List.of(ByteBuffer.wrap(content, content.length - 1000, 1000)));
      return upload.commit(digest(content));
    }
  }

  private static StoredBlob restore(S3BlobStore store, byte[] content) {
    StorageKey key = BlobKeys.unnamed(UUID.randomUUID());
    store.restore(key, digest(content), content.length, new ByteArrayInputStream(content));
    return store.stat(key).orElseThrow();
  }

  private static byte[] read(S3BlobStore store, StoredBlob blob, int from, int length)
      throws IOException {
    try (BlobContent content = store.open(blob.key(), new ByteRange(from, length));
        InputStream stream = content.stream()) {
      return stream.readAllBytes();
    }
  }

  /** What the server says about an object. */
  private String header(S3Encryption encryption, StorageKey key, String name) throws Exception {
    S3Settings settings = settings(encryption);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      OkHttpClient http = S3Http.client(settings, executor);
      Provider credentials = S3Http.credentials(settings.credentials(), http);
      S3Requests requests = S3Http.requests(settings, settings.endpoint(), credentials, http);
      return String.valueOf(requests.head(key.value()).get().headers().get(name));
    }
  }

  private boolean isReadableOnDisk() throws IOException {
    try (Stream<Path> files = Files.walk(server.objects().resolve(bucket))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), US_ASCII).contains("to be read by nobody else")) {
          return true;
        }
      }
    }
    return false;
  }
}
