package dev.entrepot.storage.filesystem;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Stores a single small blob, after saying that it is about to. */
final class OneUpload {
  private OneUpload() {}

  public static void main(String[] args) {
    byte[] content = new byte[1000];
    try (BlobStore store = FilesystemBlobStore.open(Path.of(args[0]))) {
      TracedUploads.say("OPEN");
      try (BlobUpload upload = store.startUpload(UUID.randomUUID(), DigestAlgorithm.SHA256)) {
        upload.append(List.of(ByteBuffer.wrap(content)));
        upload.commit(Digest.ofContent(DigestAlgorithm.SHA256, content));
      }
    }
  }
}
