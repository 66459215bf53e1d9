package dev.entrepot.event;

import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import org.jspecify.annotations.Nullable;

/** Something that has happened to content, told after its transaction has been committed. */
public sealed interface ContentEvent {
  /** A blob became visible in the repository: pushed or mounted. */
  record BlobLinked(RepositoryName repository, Digest digest) implements ContentEvent {}

  /** A blob is not visible in the repository any more. */
  record BlobUnlinked(RepositoryName repository, Digest digest) implements ContentEvent {}

  /** A manifest was pushed; told also when it was there already. */
  record ManifestPushed(RepositoryName repository, Digest digest) implements ContentEvent {}

  /** A manifest was deleted; its tags are told apart. */
  record ManifestDeleted(RepositoryName repository, Digest digest) implements ContentEvent {}

  /** A tag points elsewhere. {@code from} is null when it is new, {@code to} when it is deleted. */
  record TagMoved(
      RepositoryName repository, TagName tag, @Nullable Digest from, @Nullable Digest to)
      implements ContentEvent {}

  /** The repository of this name was deleted; what it held is not told apart. */
  record RepositoryDeleted(RepositoryName repository) implements ContentEvent {}

  /**
   * The database was lost in the middle of a commit, or the changes of other servers could not be
   * read for too long: any change may have happened. Whoever remembers what the database said has
   * to ask it again.
   */
  record OutcomeUnknown() implements ContentEvent {}

  /** Some server, perhaps this one, has changed what may be remembered. */
  record Outdated(ContentChange change) implements ContentEvent {}
}
