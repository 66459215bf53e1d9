package dev.entrepot.trash;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A manifest that was deleted, or tags of a manifest that was left.
 *
 * @param kind {@code manifest} or {@code tag}
 * @param digest of the manifest
 * @param mediaType of a deleted manifest
 * @param tags that pointed to it
 * @param deletedBy the name of the account, or {@code clean-up}
 * @param restorableUntil when it is gone for good
 */
@Schema(name = "TrashedContent")
record TrashedContent(
    long id,
    String kind,
    String digest,
    @Nullable String mediaType,
    List<String> tags,
    Instant deletedAt,
    String deletedBy,
    Instant restorableUntil) {}
