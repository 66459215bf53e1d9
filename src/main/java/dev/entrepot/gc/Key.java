package dev.entrepot.gc;

import dev.entrepot.storage.Digest;
import java.util.Collection;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A blob or manifest in a repository.
 *
 * @param repository its id
 */
record Key(long repository, Digest digest) {
  private static final byte[] BEFORE_ALL = {};

  /** The keys' repositories, as an argument that the statement casts to {@code bigint[]}. */
  static String[] repositories(Collection<Key> keys) {
    return keys.stream().map(key -> Long.toString(key.repository())).toArray(String[]::new);
  }

  static byte[][] digests(Collection<Key> keys) {
    return keys.stream().map(key -> key.digest().toBytes()).toArray(byte[][]::new);
  }

  /** Where a scan goes on. */
  String cursor() {
    return repository + ":" + HexFormat.of().formatHex(digest.toBytes());
  }

  static long repositoryOf(@Nullable String cursor) {
    return cursor == null ? 0 : Long.parseLong(cursor.substring(0, cursor.indexOf(':')));
  }

  static byte[] digestOf(@Nullable String cursor) {
    return cursor == null
        ? BEFORE_ALL
        : HexFormat.of().parseHex(cursor.substring(cursor.indexOf(':') + 1));
  }
}
