package dev.entrepot.referrer;

import dev.entrepot.storage.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A manifest that has the asked one as its subject: distribution-spec, "Listing Referrers".
 *
 * @param mediaType of the manifest
 * @param digest of the manifest
 * @param size of the manifest in bytes
 * @param artifactType its artifact type, or its config's media type when it names none
 * @param annotations of the manifest as a JSON object; null when it has none
 */
public record Referrer(
    String mediaType,
    Digest digest,
    long size,
    @Nullable String artifactType,
    @Nullable String annotations) {}
