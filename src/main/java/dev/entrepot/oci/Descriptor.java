package dev.entrepot.oci;

import dev.entrepot.storage.Digest;

/**
 * A reference from a manifest to content: image-spec, "Content Descriptors".
 *
 * @param mediaType of the content
 * @param digest of the content
 * @param size of the content in bytes
 * @param hasUrls whether it says where else the content is
 */
public record Descriptor(String mediaType, Digest digest, long size, boolean hasUrls) {
  /** False for a layer that must not be distributed and says where it is to be had. */
  public boolean mustBePresent() {
    return !(hasUrls && MediaTypes.isNondistributable(mediaType));
  }
}
