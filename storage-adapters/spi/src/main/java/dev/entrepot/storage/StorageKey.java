package dev.entrepot.storage;

import java.util.regex.Pattern;

/**
 * Where a store keeps the bytes of one blob. A key is made by the store, used for one content only
 * and never again, and kept in the blob's row: digest → key. Slash-separated segments of {@code
 * [a-z0-9._-]}, none of them empty or with a dot in front; no key is a prefix folder of another.
 *
 * @param value for example {@code blobs/sha256/ab/abcd….0198c2}
 */
public record StorageKey(String value) {
  private static final Pattern GRAMMAR =
      Pattern.compile("(?:[a-z0-9_-][a-z0-9._-]*/)*[a-z0-9_-][a-z0-9._-]*");

  public StorageKey {
    if (value.length() > 1024 || !GRAMMAR.matcher(value).matches()) {
      throw new IllegalArgumentException("not a storage key: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
