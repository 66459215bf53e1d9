package dev.entrepot.oci;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the known fields of one manifest, of whatever kind it is, in one pass. */
final class ManifestReader {
  private static final int MAX_TYPE_LENGTH = 255;
  private static final List<String> FIELDS =
      List.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "config",
          "layers",
          "manifests",
          "blobs",
          "subject",
          "annotations");
  private static final List<String> DESCRIPTOR_FIELDS =
      List.of("mediaType", "digest", "size", "urls", "data");

  private final JsonParser parser;
  private final byte[] content;
  private final int maxReferences;
  private int references;

  @Nullable Long schemaVersion;
  @Nullable String mediaType;
  @Nullable String artifactType;
  @Nullable Descriptor config;
  @Nullable List<Descriptor> layers;
  @Nullable List<Descriptor> manifests;
  @Nullable List<Descriptor> blobs;
  @Nullable Descriptor subject;
  @Nullable String annotations;

  ManifestReader(JsonParser parser, byte[] content, int maxReferences) {
    this.parser = parser;
    this.content = content;
    this.maxReferences = maxReferences;
  }

  static RegistryException invalid(String field, String problem) {
    return new RegistryException(
        ErrorCode.MANIFEST_INVALID,
        "manifest invalid: " + field + " " + problem,
        Map.of("field", field));
  }

  void read() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw invalid("the manifest", "is not a JSON object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      readField(field);
    }
    if (parser.nextToken() != null) {
      throw invalid("the manifest", "goes on after its end");
    }
  }

  private void readField(String field) throws IOException {
    switch (field) {
      case "schemaVersion" -> schemaVersion = wholeNumber(field);
      case "mediaType" -> mediaType = type(field);
      case "artifactType" -> artifactType = type(field);
      case "config" -> config = descriptor(field);
      case "layers" -> layers = descriptors(field);
      case "manifests" -> manifests = descriptors(field);
      case "blobs" -> blobs = descriptors(field);
      case "subject" -> subject = isNull() ? null : descriptor(field);
      case "annotations" -> annotations = isNull() ? null : annotations(field);
      default -> skip("", field, FIELDS);
    }
  }

  /**
   * Skips an unknown field. Many clients match names whatever their case, others do not: a field
   * that only some would see is refused.
   */
  private void skip(String prefix, String field, List<String> known) throws IOException {
    for (String name : known) {
      if (name.equalsIgnoreCase(field)) {
        throw invalid(prefix + name, "must be written in this case");
      }
    }
    parser.skipChildren();
  }

  /** An array of descriptors. Go writes an empty one as null. */
  private List<Descriptor> descriptors(String field) throws IOException {
    List<Descriptor> list = new ArrayList<>();
    if (isNull()) {
      return list;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw invalid(field, "is not an array");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(descriptor(field + "[" + list.size() + "]"));
    }
    return list;
  }

  private Descriptor descriptor(String path) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw invalid(path, "is not an object");
    }
    if (++references > maxReferences) {
      throw invalid("the manifest", "has more than " + maxReferences + " references");
    }
    String type = null;
    Digest digest = null;
    Long size = null;
    boolean hasUrls = false;
    byte[] data = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "mediaType" -> type = type(path + ".mediaType");
        case "digest" -> digest = digest(path + ".digest");
        case "size" -> size = wholeNumber(path + ".size");
        case "urls" -> hasUrls = isNonEmptyTextArray(path + ".urls");
        case "data" -> data = isNull() ? null : data(path + ".data");
        default -> skip(path + ".", field, DESCRIPTOR_FIELDS);
      }
    }
    if (type == null) {
      throw invalid(path + ".mediaType", "is missing");
    }
    if (digest == null) {
      throw invalid(path + ".digest", "is missing");
    }
    if (size == null) {
      throw invalid(path + ".size", "is missing");
    }
    if (data != null) {
      checkData(path + ".data", data, digest, size);
    }
    return new Descriptor(type, digest, size, hasUrls);
  }

  private static void checkData(String path, byte[] data, Digest digest, long size) {
    if (data.length != size) {
      throw invalid(path, "has " + data.length + " bytes, but size says " + size);
    }
    if (!Digest.ofContent(digest.algorithm(), data).equals(digest)) {
      throw invalid(path, "does not have the descriptor's digest");
    }
  }

  private boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  private String text(String path) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw invalid(path, "is not a string");
    }
    return parser.getText();
  }

  /** A media type. Not held to its grammar, as clients are not; the empty text means none. */
  private @Nullable String type(String path) throws IOException {
    if (isNull()) {
      return null;
    }
    String type = text(path);
    if (type.length() > MAX_TYPE_LENGTH || !type.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw invalid(path, "is not a media type of at most 255 printable ASCII characters");
    }
    return type.isBlank() ? null : type;
  }

  private Digest digest(String path) throws IOException {
    return Digest.tryParse(text(path))
        .orElseThrow(() -> invalid(path, "is not a sha256 or sha512 digest in lower case"));
  }

  private long wholeNumber(String path) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || parser.getLongValue() < 0) {
      throw invalid(path, "is not a whole number from 0 to 2^63-1");
    }
    return parser.getLongValue();
  }

  private boolean isNonEmptyTextArray(String path) throws IOException {
    if (isNull()) {
      return false;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw invalid(path, "is not an array");
    }
    boolean any = false;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      text(path);
      any = true;
    }
    return any;
  }

  private byte[] data(String path) throws IOException {
    text(path);
    try {
      return parser.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS);
    } catch (JsonProcessingException e) {
      throw invalid(path, "is not base64");
    }
  }

  /** Checks a map of strings to strings; returns it as it stands in the document. */
  private String annotations(String path) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw invalid(path, "is not an object");
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw invalid(path, "has a value that is not a string");
      }
    }
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(content, start, end - start, StandardCharsets.UTF_8);
  }
}
