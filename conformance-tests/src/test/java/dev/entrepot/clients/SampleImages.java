package dev.entrepot.clients;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Images as clients expect them: real archives as layers, a configuration that fits them. */
public final class SampleImages {
  private SampleImages() {}

  /** Several layers, one of them twice, one of them empty; unlike any other. */
  public static Image several() {
    byte[] shared = layer("shared/file", "the same in two places");
    return of(
        "amd64",
        List.of(
            layer("etc/motd", "image " + UUID.randomUUID()),
            shared,
            new Tarball().bytes(),
            shared,
            layer("data/random", UUID.randomUUID().toString().repeat(2000))));
  }

  /** A single small layer. */
  static Image small(String architecture) {
    return of(architecture, List.of(layer("etc/id", architecture + UUID.randomUUID())));
  }

  /** A single layer of that many bytes that do not compress. */
  public static Image large(int size) {
    Tarball tarball = new Tarball().file("data/random", 0644, Blob.random(size).bytes());
    return of("amd64", List.of(tarball.bytes()));
  }

  /** A small image whose manifest also names a layer that is kept elsewhere. */
  static Image withForeignLayer() {
    Image base = small("amd64");
    Blob elsewhere = Blob.of(Tarball.gzip(layer("licensed", "not for redistribution")));
    Manifest manifest =
        Manifest.image()
            .config(base.config(), MediaTypes.OCI_CONFIG)
            .layer(base.layer(), MediaTypes.OCI_LAYER_GZIP)
            .layer(
                elsewhere
                    .descriptor(MediaTypes.OCI_FOREIGN_LAYER)
                    .set(
                        "urls",
                        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                            .arrayNode()
                            .add("http://127.0.0.1:9/layer")))
            .build();
    return new Image(manifest, base.config(), base.layers());
  }

  private static byte[] layer(String path, String content) {
    return new Tarball().file(path, content).bytes();
  }

  private static Image of(String architecture, List<byte[]> archives) {
    Blob config =
        Blob.of(
            """
            {"architecture":"%s","os":"linux","config":{"Env":["A=b"]},\
            "rootfs":{"type":"layers","diff_ids":[%s]},\
            "history":[%s]}\
            """
                .formatted(
                    architecture,
                    archives.stream()
                        .map(archive -> '"' + Blob.of(archive).digest() + '"')
                        .collect(Collectors.joining(",")),
                    archives.stream()
                        .map(archive -> "{\"created_by\":\"test\"}")
                        .collect(Collectors.joining(","))));
    List<Blob> layers = new ArrayList<>();
    Manifest.Builder manifest = Manifest.image().config(config, MediaTypes.OCI_CONFIG);
    for (byte[] archive : archives) {
      Blob layer = Blob.of(Tarball.gzip(archive));
      layers.add(layer);
      manifest.layer(layer, MediaTypes.OCI_LAYER_GZIP);
    }
    return new Image(manifest.build(), config, layers);
  }
}
