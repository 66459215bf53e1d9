package dev.entrepot.storage;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects beside the blobs, some megabytes each: what has to be known of the blobs when the
 * database is lost. {@link BlobStore#list} does not show them.
 *
 * <p>Safe for use by many threads, and stores, at once. Every method may fail with {@link
 * StorageException.Unavailable}.
 */
public interface StoreJournal {
  /**
   * Keeps an object. When this returns it is durable; it is there whole or not at all, also when
   * this fails. What has the name already is replaced.
   */
  void put(JournalName name, byte[] content);

  /** The whole of an object; empty when there is none. */
  Optional<byte[]> read(JournalName name);

  /**
   * Lists names in ascending order of their text.
   *
   * @param prefix what they start with: at least the folder and the slash
   * @param after only names after this one; null from the start
   * @param limit at most so many, at least 1
   * @return fewer than {@code limit} only at the end
   */
  List<JournalName> list(String prefix, @Nullable JournalName after, int limit);

  /** Deletes an object. Does nothing when there is none. */
  void delete(JournalName name);
}
