package dev.entrepot.manifest;

import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;

/**
 * A manifest to be deleted, and with it its tags.
 *
 * @param repository where from
 * @param digest of the manifest
 * @param actor who deletes, for the tags' history
 */
public record ManifestDeletion(RepositoryName repository, Digest digest, String actor) {}
