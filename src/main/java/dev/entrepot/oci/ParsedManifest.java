package dev.entrepot.oci;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the registry needs to know of a manifest. Its bytes are kept as they are.
 *
 * @param mediaType the type to serve it as; one of {@link MediaTypes#MANIFESTS}
 * @param artifactType as the referrers list shows it: its own, or its config's media type; null
 *     when it has neither
 * @param subject the manifest that it is about; null when there is none
 * @param blobs config, layers, blobs, and entries of an index that are not manifests
 * @param manifests entries of an index that are manifests
 * @param annotations the JSON object as it stands in the manifest; null when there is none
 */
public record ParsedManifest(
    String mediaType,
    @Nullable String artifactType,
    @Nullable Descriptor subject,
    List<Descriptor> blobs,
    List<Descriptor> manifests,
    @Nullable String annotations) {}
