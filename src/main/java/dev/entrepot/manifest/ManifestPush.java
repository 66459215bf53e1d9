package dev.entrepot.manifest;

import dev.entrepot.event.Actor;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A manifest to be pushed.
 *
 * @param repository where to; comes into being when it is new
 * @param expected the digest it must have; null for sha256 of the content
 * @param tags all are set to it, or none
 * @param contentType the header as it came; null when it did not
 * @param content the exact bytes
 * @param precondition what must hold before
 * @param mayRetag whether tags that point elsewhere may be moved
 * @param pusher who pushes, for the tags' history and as the founder of a new repository
 */
public record ManifestPush(
    RepositoryName repository,
    @Nullable Digest expected,
    List<TagName> tags,
    @Nullable String contentType,
    byte[] content,
    Precondition precondition,
    boolean mayRetag,
    Actor pusher) {}
