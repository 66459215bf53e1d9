package dev.entrepot.storage.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.UploadState;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/** To be run with few file descriptors; {@link FailingDiskTest} does so. */
final class UploadsWithoutDescriptors {
  private static final byte[] CONTENT = {1, 2, 3};
  private static final Digest DIGEST = Digest.ofContent(DigestAlgorithm.SHA256, CONTENT);

  private UploadsWithoutDescriptors() {}

  public static void main(String[] args) {
    try (BlobStore store = FilesystemBlobStore.open(Path.of(args[0]))) {
      loadClasses(store);
      Deque<BlobUpload> uploads = new ArrayDeque<>();
      var failure =
          assertThrows(
              StorageException.Unavailable.class,
              () -> {
                while (true) {
                  uploads.add(start(store));
                }
              });
      assertTrue(failure.getMessage().endsWith(": Too many open files"), failure::getMessage);

      BlobUpload waiting = uploads.pop();
      assertThrows(StorageException.Unavailable.class, () -> waiting.commit(DIGEST));
      assertEquals(CONTENT.length, waiting.offset());
      uploads.forEach(BlobUpload::abort);
      assertEquals(1, store.list(null, 10).size());
      waiting.commit(DIGEST);
      assertEquals(2, store.list(null, 10).size());
    }
  }

  private static BlobUpload start(BlobStore store) {
    BlobUpload upload = store.startUpload(UUID.randomUUID(), DigestAlgorithm.SHA256);
    upload.append(List.of(ByteBuffer.wrap(CONTENT)));
    return upload;
  }

  /** Classes are files too: whatever will be needed is used once while files can be opened. */
  private static void loadClasses(BlobStore store) {
    BlobUpload upload = start(store);
    upload.commit(DIGEST);
    upload.abort();
    start(store).abort();
    assertThrows(
        StorageException.Unavailable.class,
        () -> {
          throw DurableFiles.unavailable("", new FileSystemException("", "", ""));
        });
    assertThrows(
        StorageException.NotFound.class,
        () -> store.resumeUpload(UUID.randomUUID(), DigestAlgorithm.SHA256, UploadState.EMPTY));
    assertEquals(1, store.list(null, 10).size());
  }
}
