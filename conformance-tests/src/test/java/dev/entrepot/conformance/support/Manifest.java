package dev.entrepot.conformance.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A manifest to push.
 *
 * @param content the bytes and their digest
 * @param mediaType what it is pushed as
 */
public record Manifest(Blob content, String mediaType) {
  public String digest() {
    return content.digest();
  }

  public byte[] bytes() {
    return content.bytes();
  }

  public String text() {
    return new String(content.bytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** The same bytes under their sha512 digest. */
  public Manifest sha512() {
    return new Manifest(content.sha512(), mediaType);
  }

  /** The descriptor by which an index or a {@code subject} names it. */
  public ObjectNode descriptor() {
    return content.descriptor(mediaType);
  }

  /** An OCI image manifest, unlike any other made here, still without config and layers. */
  public static Builder image() {
    return new Builder(MediaTypes.OCI_MANIFEST);
  }

  /** An OCI index, unlike any other made here, still empty. */
  public static Builder index() {
    return new Builder(MediaTypes.OCI_INDEX).emptyArray("manifests");
  }

  /** An OCI artifact of nothing but a type: empty config, one empty layer. */
  public static Builder artifact(String artifactType) {
    return image()
        .artifactType(artifactType)
        .config(Blob.EMPTY_JSON, MediaTypes.OCI_EMPTY)
        .layer(Blob.EMPTY_JSON, MediaTypes.OCI_EMPTY);
  }

  public static Builder dockerImage() {
    return new Builder(MediaTypes.DOCKER_MANIFEST);
  }

  public static Builder dockerList() {
    return new Builder(MediaTypes.DOCKER_LIST).emptyArray("manifests");
  }

  /** Assembles a manifest's JSON. */
  public static final class Builder {
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final String mediaType;

    private Builder(String mediaType) {
      this.mediaType = mediaType;
      json.put("schemaVersion", 2).put("mediaType", mediaType);
      if (mediaType.equals(MediaTypes.OCI_MANIFEST) || mediaType.equals(MediaTypes.OCI_INDEX)) {
        annotation("dev.entrepot.test", Long.toHexString(ThreadLocalRandom.current().nextLong()));
      }
    }

    public Builder config(Blob blob, String type) {
      json.set("config", blob.descriptor(type));
      return this;
    }

    public Builder layer(Blob blob, String type) {
      return layer(blob.descriptor(type));
    }

    public Builder layer(ObjectNode descriptor) {
      json.withArray("layers").add(descriptor);
      return this;
    }

    public Builder noLayers() {
      return emptyArray("layers");
    }

    public Builder manifest(Manifest child) {
      return manifest(child.descriptor());
    }

    public Builder manifest(ObjectNode descriptor) {
      json.withArray("manifests").add(descriptor);
      return this;
    }

    public Builder subject(Manifest subject) {
      json.set("subject", subject.descriptor());
      return this;
    }

    public Builder artifactType(String type) {
      json.put("artifactType", type);
      return this;
    }

    public Builder annotation(String key, String value) {
      json.withObject("/annotations").put(key, value);
      return this;
    }

    /** Any other field, or another value of one. */
    public Builder field(String name, com.fasterxml.jackson.databind.JsonNode value) {
      json.set(name, value);
      return this;
    }

    public Builder field(String name, String value) {
      json.put(name, value);
      return this;
    }

    public Builder without(String field) {
      json.remove(field);
      return this;
    }

    private Builder emptyArray(String field) {
      ArrayNode array = json.putArray(field);
      array.removeAll();
      return this;
    }

    public Manifest build() {
      return new Manifest(Blob.of(json.toPrettyString()), mediaType);
    }
  }
}
