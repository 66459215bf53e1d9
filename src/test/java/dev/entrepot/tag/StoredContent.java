package dev.entrepot.tag;

import dev.entrepot.blob.BlobLocation;
import dev.entrepot.blob.Published;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StoredBlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The content core with a store that has the bytes.
 *
 * @param core the rows
 * @param store the bytes
 */
public record StoredContent(ContentCore core, BlobStore store) {
  /** Pushes a blob as an upload does. */
  public Digest pushBlob(RepositoryName repository, String content) {
    Digest digest = ContentCore.digest(content);
    StoredBlob stored;
    try (BlobUpload upload = store.startUpload(UUID.randomUUID(), DigestAlgorithm.SHA256)) {
      upload.append(List.of(ByteBuffer.wrap(ContentCore.bytes(content))));
      stored = upload.commit(digest);
    }
    Published published =
        core.database.transact(
            transaction ->
                core.blobs.publish(
                    transaction,
                    repository,
                    ContentCore.TESTER,
                    digest,
                    stored,
                    location -> location.isIn(store)));
    if (published.redundant()) {
      store.delete(stored.key());
    }
    return digest;
  }

  /** Pushes an image of one config, and that config. */
  public Digest pushImage(RepositoryName repository, String config, String... tags) {
    pushBlob(repository, config);
    return core.push(repository, ContentCore.image(config), tags).digest();
  }

  /** The bytes of a blob of the repository. */
  public String read(RepositoryName repository, Digest digest) {
    BlobLocation location = core.blobs.find(repository, digest).orElseThrow();
    try (BlobContent content = store.open(location.key(), new ByteRange(0, location.size()))) {
      return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
