package dev.entrepot.manifest;

import dev.entrepot.storage.Digest;

/**
 * A manifest as it was pushed.
 *
 * @param digest of the content
 * @param mediaType the type it was pushed as
 * @param content the exact bytes; not to be changed
 */
public record StoredManifest(Digest digest, String mediaType, byte[] content) {}
