package dev.entrepot.conformance.support;

import java.util.List;

/**
 * A small image: its manifest and all that it references.
 *
 * @param manifest the manifest
 * @param config the configuration
 * @param layers the layers, base first
 */
public record Image(Manifest manifest, Blob config, List<Blob> layers) {
  /** An OCI image, unlike any other made here. */
  public static Image random(int layers, int layerSize) {
    Blob config =
        Blob.of(
            """
            {"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]},"author":"%s"}"""
                .formatted(java.util.UUID.randomUUID()));
    List<Blob> blobs =
        java.util.stream.IntStream.range(0, layers).mapToObj(i -> Blob.random(layerSize)).toList();
    Manifest.Builder manifest = Manifest.image().config(config, MediaTypes.OCI_CONFIG).noLayers();
    blobs.forEach(layer -> manifest.layer(layer, MediaTypes.OCI_LAYER_GZIP));
    return new Image(manifest.build(), config, blobs);
  }

  public static Image random() {
    return random(1, 512);
  }

  /** The only layer, or the lowest. */
  public Blob layer() {
    return layers.getFirst();
  }
}
