package dev.entrepot.event;

import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;

/**
 * What whoever remembers content must ask for again, as {@code content_change} says it. Every
 * change of what somebody may remember writes such a row in its transaction: the move and the end
 * of a tag, the end of a manifest, a blob or a repository. Absence is remembered by nobody, so what
 * comes anew needs none.
 */
public sealed interface ContentChange {
  RepositoryName repository();

  /** A tag points elsewhere, or nowhere. */
  record OfTag(RepositoryName repository, TagName tag) implements ContentChange {}

  /** A manifest or blob is not there any more, or lies elsewhere. */
  record OfDigest(RepositoryName repository, Digest digest) implements ContentChange {}

  /** All of a repository. */
  record OfRepository(RepositoryName repository) implements ContentChange {}
}
