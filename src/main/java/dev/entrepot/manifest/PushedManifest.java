package dev.entrepot.manifest;

import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a push has made.
 *
 * @param digest of the content
 * @param mediaType it will be served as
 * @param subject what it refers to, for {@code OCI-Subject}; null when nothing
 * @param tags that now point to it, for {@code OCI-Tag}
 */
public record PushedManifest(
    Digest digest, String mediaType, @Nullable Digest subject, List<TagName> tags) {}
