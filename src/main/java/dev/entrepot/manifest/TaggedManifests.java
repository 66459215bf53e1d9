package dev.entrepot.manifest;

import dev.entrepot.event.Actor;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import java.util.Optional;

/** Manifests as their tags name them. Implemented where tags are. */
public interface TaggedManifests {
  /**
   * The manifest that a tag points to now; empty when there is no such tag.
   *
   * @throws dev.entrepot.error.RegistryException NAME_UNKNOWN when there is no such repository
   */
  Optional<StoredManifest> findManifest(RepositoryName repository, TagName tag);

  /**
   * Deletes a tag; its manifest stays. Tells {@code TagMoved}.
   *
   * @param actor who deletes
   * @throws dev.entrepot.error.RegistryException NAME_UNKNOWN or MANIFEST_UNKNOWN
   */
  void delete(RepositoryName repository, TagName tag, Actor actor);
}
