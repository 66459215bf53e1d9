package dev.entrepot.storage.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import dev.entrepot.storage.testkit.s3.ProxiedRequest;
import dev.entrepot.storage.testkit.s3.S3Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What goes over the wire, and what is held in memory meanwhile. */
class S3TrafficIT extends ProxiedServer {
  private final UUID id = UUID.randomUUID();

  private List<S3Operation> operations() {
    return proxy.requests().stream().map(ProxiedRequest::operation).toList();
  }

  @Test
  void smallBlobIsOneConditionalPut() {
    proxy.forget();
    put(content(100_000));
    assertEquals(List.of(S3Operation.PUT_OBJECT, S3Operation.HEAD_OBJECT), operations());
    assertEquals("*", proxy.requests().getFirst().header("If-None-Match").orElseThrow());
  }

  /** {@code -Dlong-runs=true}: 2 GB, as the largest layers have. */
  @Test
  void largeBlobCrossesTheWireOnce() {
    long size = Boolean.getBoolean("long-runs") ? 2L << 30 : 100L << 20;
    S3BlobStore usual = open(S3Limits.DEFAULT);
    byte[] chunk = content(1 << 20);
    MessageDigest hash = DigestAlgorithm.SHA256.newMessageDigest();
    proxy.forget();
    try (BlobUpload upload = usual.startUpload(id, DigestAlgorithm.SHA256)) {
      for (long at = 0; at < size; at += chunk.length) {
        hash.update(chunk);
        upload.append(List.of(ByteBuffer.wrap(chunk)));
      }
      upload.suspend(); // as after a PATCH
      StoredBlob blob = upload.commit(Digest.of(DigestAlgorithm.SHA256, hash));
      assertEquals(size, blob.size());
    }
    // The bytes after the last part go twice, less than 5 MiB of them.
    long most = size + size / 100 + S3Limits.MIN_PART;
    assertTrue(proxy.bytesToServer() <= most, () -> "sent: " + proxy.bytesToServer());
    assertTrue(proxy.bytesToClient() < size / 20, () -> "read back: " + proxy.bytesToClient());
  }

  @Test
  void closingRequestElsewhereReadsNothingBack() {
    byte[] content = content(11 << 20);
    UploadState state;
    try (BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256)) {
      append(upload, content, 0, content.length);
      state = upload.suspend();
    }
    S3BlobStore other = open(LIMITS);
    proxy.forget();
    try (BlobUpload upload = other.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
      upload.commit(digest(content));
    }
    assertTrue(proxy.bytesToClient() < 2 << 20, () -> "read back: " + proxy.bytesToClient());
    assertTrue(operations().stream().noneMatch(S3Operation.LIST_PARTS::equals));
  }

  @Test
  void uploadsThatShareLittleMemoryAllComeToTheirEnd() throws Exception {
    byte[] content = content(23_000_000);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<StoredBlob>> uploads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        uploads.add(executor.submit(() -> put(content)));
      }
      for (Future<StoredBlob> upload : uploads) {
        assertArrayEquals(content, read(upload.get()));
      }
    }
  }

  @Test
  void uploadThatFindsNoMemoryIsUnavailableAndGoesOnLater() {
    S3Limits impatient =
        new S3Limits(
            4,
            LIMITS.connectTimeout(),
            LIMITS.timeout(),
            1,
            S3Limits.MIN_PART,
            1,
            2 * S3Limits.MIN_PART,
            Duration.ofMillis(10));
    S3BlobStore small = open(impatient);
    byte[] content = content(5_000_000);
    BlobUpload first = small.startUpload(UUID.randomUUID(), DigestAlgorithm.SHA256);
    append(first, content, 0, content.length);
    try (BlobUpload second = small.startUpload(id, DigestAlgorithm.SHA256)) {
      assertThrows(
          StorageException.Unavailable.class, () -> append(second, content, 0, content.length));
      first.close();
      append(second, content, (int) second.offset(), content.length);
      assertEquals(content.length, second.commit(digest(content)).size());
    }
  }

  @Test
  void uploadInPartsThatACrashLeftIsFoundAndDropped() throws IOException {
    BlobUpload crashed = store.startUpload(id, DigestAlgorithm.SHA256);
    append(crashed, content(12 << 20), 0, 12 << 20);
    crashed.close();
    S3BlobStore other = open(LIMITS);
    assertEquals(List.of(id), other.listUploads(Duration.ZERO, 10));
    other.abortUpload(id, UploadState.EMPTY);
    assertEquals(List.of(), other.listUploads(Duration.ZERO, 10));
    assertEquals(List.of(), filesInTheBucket());
  }

  @Test
  void nothingButTheBlobAndItsNoteIsLeftOfAnUploadInManyRequests() throws IOException {
    byte[] content = content(14 << 20);
    UploadState state = null;
    for (int from = 0; from < content.length; from += 2 << 20) {
      try (BlobUpload upload =
          state == null
              ? store.startUpload(id, DigestAlgorithm.SHA256)
              : store.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
        append(upload, content, from, from + (2 << 20));
        state = upload.suspend();
      }
    }
    try (BlobUpload upload = store.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
      upload.commit(digest(content));
    }
    List<String> left = filesInTheBucket();
    assertEquals(2, left.size(), left::toString);
  }

  @Test
  void encryptionIsAskedForWithEverythingThatIsStored() {
    S3BlobStore encrypting =
        open(
            Buckets.settings(
                proxy.endpoint(),
                bucket,
                true,
                Optional.empty(),
                new S3Encryption.StoreKeys(),
                LIMITS));
    proxy.forget();
    try (BlobUpload upload = encrypting.startUpload(id, DigestAlgorithm.SHA256)) {
      append(upload, content(11 << 20), 0, 11 << 20);
      upload.suspend();
    }
    List<ProxiedRequest> storing =
        proxy.requests().stream()
            .filter(S3Operation.PUT_OBJECT.or(S3Operation.CREATE_MULTIPART))
            .toList();
    assertEquals(3, storing.size());
    for (ProxiedRequest request : storing) {
      assertEquals(
          "AES256", request.header("X-Amz-Server-Side-Encryption").orElse(""), request::toString);
    }
  }

  /** The server keeps objects in files, and parts in a folder with a dot in front. */
  private List<String> filesInTheBucket() throws IOException {
    Path directory = server.objects().resolve(bucket);
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .toList();
    }
  }
}
