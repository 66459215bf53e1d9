package dev.entrepot.storage.filesystem;

import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.JournalName;
import dev.entrepot.storage.StorageKey;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What lies where below the directory of a store.
 *
 * <pre>
 * uploads/&lt;uuid&gt;                                   bytes on their way in
 * blobs/&lt;algorithm&gt;/&lt;2 hex&gt;/&lt;hex&gt;.&lt;generation&gt;   one blob, never written again
 * blobs/u/&lt;2 hex&gt;/&lt;uuid&gt;.&lt;generation&gt;            the same, restored from another store
 * notes/&lt;uuid&gt;.&lt;generation&gt;                     the digest of such a blob
 * journal/&lt;2 hex&gt;/&lt;name&gt;                         what is needed to rebuild the database
 * </pre>
 */
record Layout(Path directory) {
  private static final HexFormat HEX = HexFormat.of();

  /** The folders of blobs, relative, in the order of their keys. */
  static final List<String> BLOB_FOLDERS =
      Stream.of("blobs/sha256/", "blobs/sha512/", "blobs/u/")
          .flatMap(
              folder -> IntStream.range(0, 256).mapToObj(i -> folder + HEX.toHexDigits((byte) i)))
          .toList();

  private static final Pattern UPLOAD_NAME =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  Path uploads() {
    return directory.resolve("uploads");
  }

  Path notes() {
    return directory.resolve("notes");
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
    return Stream.of(
            "", "uploads", "notes", "journal", "blobs", "blobs/sha256", "blobs/sha512", "blobs/u")
        .map(directory::resolve)
        .toList();
  }

  /** Where the digest of bytes is noted whose key does not name it. */
  Path note(StorageKey key) {
    String value = key.value();
    return notes().resolve(value.substring(value.lastIndexOf('/') + 1));
  }

  Path journal() {
    return directory.resolve("journal");
  }

  Path journal(JournalName name) {
    return journal().resolve(name.value());
  }

  /** The file of a key of this store's making; empty for any other key. */
  Optional<Path> blob(StorageKey key) {
    return BlobKeys.isBlobKey(key.value())
        ? Optional.of(directory.resolve(key.value()))
        : Optional.empty();
  }
}
