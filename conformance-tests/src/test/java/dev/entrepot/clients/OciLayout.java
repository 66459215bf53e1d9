package dev.entrepot.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An OCI image layout: images in a directory, as the clients read and write them. */
public final class OciLayout {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  private OciLayout(Path directory) {
    this.directory = directory;
  }

  public static OciLayout at(Path directory) {
    return new OciLayout(directory);
  }

  /** A new layout without images. */
  public static OciLayout create(Path directory) {
    try {
      Files.createDirectories(directory.resolve("blobs/sha256"));
      Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
      ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2);
      index.put("mediaType", MediaTypes.OCI_INDEX).putArray("manifests");
      Files.write(directory.resolve("index.json"), JSON.writeValueAsBytes(index));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new OciLayout(directory);
  }

  public Path directory() {
    return directory;
  }

  OciLayout add(Blob blob) {
    try {
      Files.write(file(blob.digest()), blob.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public OciLayout add(Image image) {
    image.layers().forEach(this::add);
    return add(image.config()).add(image.manifest().content());
  }

  /** Names a manifest that is or will be in the layout. */
  public OciLayout tag(Manifest manifest, String name) {
    try {
      Path file = directory.resolve("index.json");
      ObjectNode index = (ObjectNode) JSON.readTree(file.toFile());
      ObjectNode entry = manifest.descriptor();
      entry.putObject("annotations").put("org.opencontainers.image.ref.name", name);
      ((ArrayNode) index.get("manifests")).add(entry);
      Files.write(file, JSON.writeValueAsBytes(index));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** The digest of the only, or first, manifest that the layout names. */
  public String digest() {
    try {
      JsonNode index = JSON.readTree(directory.resolve("index.json").toFile());
      return index.get("manifests").get(0).get("digest").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every blob's digest as its file's name says it, with the digest of what is in the file. */
  Map<String, String> blobs() {
    Map<String, String> blobs = new TreeMap<>();
    Path root = directory.resolve("blobs");
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String algorithm = root.relativize(file).getName(0).toString();
        blobs.put(
            algorithm + ":" + file.getFileName(), Blob.digest(algorithm, Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return blobs;
  }

  private Path file(String digest) {
    return directory.resolve("blobs").resolve(digest.replace(':', '/'));
  }
}
