package dev.entrepot.storage.filesystem;

import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageKey;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What lies where below the directory of a store.
 *
 * <pre>
 * uploads/&lt;uuid&gt;                                   bytes on their way in
 * blobs/&lt;algorithm&gt;/&lt;2 hex&gt;/&lt;hex&gt;.&lt;generation&gt;   one blob, never written again
 * </pre>
 */
record Layout(Path directory) {
  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern BLOB_KEY =
      Pattern.compile("blobs/sha(?:256|512)/([0-9a-f]{2})/\\1[0-9a-f]+\\.[0-9a-f]+");

  /** The folders of blobs, relative, in the order of their keys. */
  static final List<String> BLOB_FOLDERS =
      Stream.of(DigestAlgorithm.values())
          .flatMap(
              algorithm ->
                  IntStream.range(0, 256)
                      .mapToObj(
                          i -> "blobs/" + algorithm.label() + "/" + HEX.toHexDigits((byte) i)))
          .toList();

  private static final Pattern UPLOAD_NAME =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  Path uploads() {
    return directory.resolve("uploads");
  }

  Path upload(UUID id) {
    return uploads().resolve(id.toString());
  }

  /** The upload whose bytes a file holds; empty for files that are not this store's. */
  static Optional<UUID> uploadId(Path file) {
    String name = file.getFileName().toString();
    return UPLOAD_NAME.matcher(name).matches()
        ? Optional.of(UUID.fromString(name))
        : Optional.empty();
  }

  /** All folders but those of blobs, parents first. */
  List<Path> mainFolders() {
    return Stream.of("", "uploads", "blobs", "blobs/sha256", "blobs/sha512")
        .map(directory::resolve)
        .toList();
  }

  /** A key that never was and never will be again: the time and 64 random bits tell it apart. */
  static StorageKey newKey(Digest digest) {
    String hex = digest.hex();
    String generation =
        HEX.toHexDigits(System.currentTimeMillis(), 12)
            + HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
    return new StorageKey(
        "blobs/%s/%s/%s.%s"
            .formatted(digest.algorithm().label(), hex.substring(0, 2), hex, generation));
  }

  static boolean isBlobKey(String text) {
    return BLOB_KEY.matcher(text).matches();
  }

  /** The file of a key of this store's making; empty for any other key. */
  Optional<Path> blob(StorageKey key) {
    return isBlobKey(key.value()) ? Optional.of(directory.resolve(key.value())) : Optional.empty();
  }
}
