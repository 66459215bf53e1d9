package dev.entrepot.storage;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys that stores make, alike in all of them so that bytes can move from one to another under
 * their key.
 *
 * <pre>
 * blobs/&lt;algorithm&gt;/&lt;2 hex&gt;/&lt;hex&gt;.&lt;generation&gt;   the digest was known before the bytes had a key
 * blobs/u/&lt;2 hex&gt;/&lt;uuid&gt;.&lt;generation&gt;            it was not
 * </pre>
 *
 * The generation is never the same twice: the id of the upload, or the time and 64 random bits.
 */
public final class BlobKeys {
  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern NAMED =
      Pattern.compile("blobs/(sha256|sha512)/([0-9a-f]{2})/(\\2[0-9a-f]+)\\.[0-9a-f]+");
  private static final Pattern UNNAMED =
      Pattern.compile(
          "blobs/u/([0-9a-f]{2})/"
              + "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{10}\\1)\\.[0-9a-f]+");

  private BlobKeys() {}

  /** A new key for bytes of a known digest. */
  public static StorageKey named(Digest digest) {
    return new StorageKey(prefix(digest) + newGeneration());
  }

  /**
   * The key for the bytes of a known digest that an upload has brought: the same again for the same
   * upload, so that they are found when whoever stored them could not tell.
   */
  public static StorageKey named(Digest digest, UUID upload) {
    return new StorageKey(prefix(digest) + upload.toString().replace("-", ""));
  }

  /** A new key for the bytes of an upload whose digest is yet unknown. */
  public static StorageKey unnamed(UUID upload) {
    return new StorageKey(unnamedPrefix(upload) + newGeneration());
  }

  /** What all keys begin with that {@link #unnamed} makes for an upload, and no others. */
  public static String unnamedPrefix(UUID upload) {
    String name = upload.toString();
    // An id may start with the time: its end spreads the keys.
    return prefix("u", name.substring(name.length() - 2), name);
  }

  private static String prefix(Digest digest) {
    return prefix(digest.algorithm().label(), digest.hex().substring(0, 2), digest.hex());
  }

  private static String prefix(String kind, String folder, String name) {
    return "blobs/%s/%s/%s.".formatted(kind, folder, name);
  }

  private static String newGeneration() {
    return HEX.toHexDigits(System.currentTimeMillis(), 12)
        + HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** Whether a store may have made this key. */
  public static boolean isBlobKey(String text) {
    return NAMED.matcher(text).matches() || UNNAMED.matcher(text).matches();
  }

  /** The digest that a key names; empty when it names none. */
  public static Optional<Digest> digest(StorageKey key) {
    Matcher matcher = NAMED.matcher(key.value());
    return matcher.matches()
        ? Digest.tryParse(matcher.group(1) + ":" + matcher.group(3))
        : Optional.empty();
  }

  /** The upload that a key names; empty when it names none. */
  public static Optional<UUID> upload(StorageKey key) {
    Matcher matcher = UNNAMED.matcher(key.value());
    return matcher.matches() ? Optional.of(UUID.fromString(matcher.group(2))) : Optional.empty();
  }

  /**
   * Makes sure that bytes of a digest may lie under a key.
   *
   * @throws IllegalArgumentException when no store made the key, or for another digest
   */
  public static void require(StorageKey key, Digest digest) {
    if (!isBlobKey(key.value()) || digest(key).filter(named -> !named.equals(digest)).isPresent()) {
      throw new IllegalArgumentException(key + " is no key for " + digest);
    }
  }
}
