package dev.entrepot.manifest;

import dev.entrepot.event.Actor;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;

/**
 * A manifest to be deleted, and with it its tags.
 *
 * @param repository where from
 * @param digest of the manifest
 * @param actor who deletes
 */
public record ManifestDeletion(RepositoryName repository, Digest digest, Actor actor) {}
