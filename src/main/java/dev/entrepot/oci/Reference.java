package dev.entrepot.oci;

import dev.entrepot.storage.Digest;
import java.util.Optional;

/** What a manifest is asked for by: {@code <tag-or-digest>} of the distribution-spec. */
public sealed interface Reference {
  /** By a tag, which can move. */
  record ByTag(TagName tag) implements Reference {
    @Override
    public String toString() {
      return tag.value();
    }
  }

  /** By a digest, which cannot. */
  record ByDigest(Digest digest) implements Reference {
    @Override
    public String toString() {
      return digest.toString();
    }
  }

  /** Reads a reference; one with a colon is a digest. Empty when it is neither. */
  static Optional<Reference> tryParse(String text) {
    return text.indexOf(':') >= 0
        ? Digest.tryParse(text).map(ByDigest::new)
        : TagName.tryParse(text).map(ByTag::new);
  }
}
