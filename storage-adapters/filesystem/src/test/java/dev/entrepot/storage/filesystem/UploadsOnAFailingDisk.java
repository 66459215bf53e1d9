package dev.entrepot.storage.filesystem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** To be run where a few MB are too much; {@link FailingDiskTest} does so. */
final class UploadsOnAFailingDisk {
  private static final int FITS = 2_000_000;
  private static final int TOO_LARGE = 6_000_000;

  private UploadsOnAFailingDisk() {}

  public static void main(String[] args) throws Exception {
    try (BlobStore store = FilesystemBlobStore.open(Path.of(args[0]))) {
      UUID id = UUID.randomUUID();
      byte[] content = TracedUploads.content(id, FITS);
      try (BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256)) {
        upload.append(List.of(ByteBuffer.wrap(content)));
        assertTooLarge(upload, args[1]);
        assertEquals(new UploadState(FITS, ""), upload.suspend());
        assertTooLarge(upload, args[1]);
      }
      assertEquals(List.of(), store.list(null, 10));

      try (BlobUpload upload =
          store.resumeUpload(id, DigestAlgorithm.SHA256, new UploadState(FITS, ""))) {
        assertTooLarge(upload, args[1]);
        StoredBlob blob = upload.commit(Digest.ofContent(DigestAlgorithm.SHA256, content));
        assertArrayEquals(content, read(store, blob));
      }

      try (BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256)) {
        assertTooLarge(upload, args[1]);
        upload.abort();
      }
      assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
    }
  }

  private static void assertTooLarge(BlobUpload upload, String reason) {
    List<ByteBuffer> large = List.of(ByteBuffer.allocate(TOO_LARGE));
    long offset = upload.offset();
    var failure = assertThrows(StorageException.Unavailable.class, () -> upload.append(large));
    assertTrue(failure.getMessage().endsWith(": " + reason), failure::getMessage);
    assertEquals(offset, upload.offset());
  }

  private static byte[] read(BlobStore store, StoredBlob blob) throws Exception {
    try (var content = store.open(blob.key(), new ByteRange(0, blob.size()));
        var stream = content.stream()) {
      return stream.readAllBytes();
    }
  }
}
