package dev.entrepot.crash;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A manifest and what it names.
 *
 * @param manifest the bytes and their media type
 * @param blobs digests of its configuration and layers
 * @param children digests of an index's manifests
 * @param subject the digest of the manifest that it refers to
 */
record ManifestText(
    Manifest manifest, List<String> blobs, List<String> children, @Nullable String subject) {
  static ManifestText image(Content config, List<Content> layers) {
    return image(config, layers, null);
  }

  /** An artifact that refers to another manifest. */
  static ManifestText artifact(Content config, List<Content> layers, ManifestText subject) {
    return image(config, layers, subject);
  }

  static ManifestText index(List<ManifestText> children) {
    String entries =
        children.stream()
            .map(child -> child.manifest.descriptor().toString())
            .collect(Collectors.joining(","));
    String text =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(MediaTypes.OCI_INDEX, entries);
    return new ManifestText(
        new Manifest(Blob.of(text), MediaTypes.OCI_INDEX),
        List.of(),
        children.stream().map(ManifestText::digest).toList(),
        null);
  }

  String digest() {
    return manifest.digest();
  }

  private static ManifestText image(
      Content config, List<Content> layers, @Nullable ManifestText subject) {
    String layerEntries =
        layers.stream()
            .map(layer -> descriptor(MediaTypes.OCI_LAYER, layer))
            .collect(Collectors.joining(","));
    String subjectField =
        subject == null ? "" : ",\"subject\":" + subject.manifest.descriptor().toString();
    String text =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]%s}"
            .formatted(
                MediaTypes.OCI_MANIFEST,
                descriptor(
                    subject == null ? MediaTypes.OCI_CONFIG : "application/vnd.test", config),
                layerEntries,
                subjectField);
    return new ManifestText(
        new Manifest(Blob.of(text), MediaTypes.OCI_MANIFEST),
        java.util.stream.Stream.concat(java.util.stream.Stream.of(config), layers.stream())
            .map(Content::digest)
            .toList(),
        List.of(),
        subject == null ? null : subject.digest());
  }

  private static String descriptor(String mediaType, Content content) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(mediaType, content.digest(), content.size());
  }
}
