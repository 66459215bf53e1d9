package dev.entrepot.oci;

import static dev.entrepot.oci.ManifestReader.invalid;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.entrepot.error.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads manifests as they come from clients, and refuses what contradicts itself or could be
 * understood in two ways. It keeps no tree of the document: memory is bounded by the references
 * that it may have.
 */
public final class ManifestParser {
  /** No setting: what is defined nests five deep, and the rest is only skipped. */
  private static final int MAX_DEPTH = 64;

  private final JsonFactory json;
  private final int maxReferences;

  /**
   * Makes a parser.
   *
   * @param maxReferences most blobs and manifests that one manifest may reference
   * @param maxTokens most names, values and brackets that its JSON may have
   */
  public ManifestParser(int maxReferences, long maxTokens) {
    this.maxReferences = maxReferences;
    this.json =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(maxTokens)
                    .build())
            .build();
  }

  /**
   * Reads a manifest.
   *
   * @param contentType the header; its parameters are ignored. Null when it did not come: the type
   *     is then the one that the document states, or the one that it has the form of
   * @throws RegistryException MANIFEST_INVALID, with a message that names the field
   */
  public ParsedManifest parse(byte[] content, @Nullable String contentType) {
    JsonText.check(content);
    ManifestReader document = read(content);
    String type = mediaType(document, declaredType(contentType));
    return switch (type) {
      case MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST -> image(type, document);
      case MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST -> index(type, document);
      case MediaTypes.OCI_ARTIFACT -> artifact(type, document);
      default ->
          throw invalid("mediaType", "is no type that can be pushed here: " + MediaTypes.MANIFESTS);
    };
  }

  private ManifestReader read(byte[] content) {
    try (JsonParser parser = json.createParser(content)) {
      ManifestReader reader = new ManifestReader(parser, content, maxReferences);
      reader.read();
      return reader;
    } catch (StreamConstraintsException e) {
      throw invalid("the manifest", "is nested too deeply, or has too many or too large parts");
    } catch (JsonProcessingException e) {
      long offset = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
      throw invalid(
          "the manifest", "is not well-formed JSON, or repeats a key, before byte " + offset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable String declaredType(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.isBlank() ? null : type.strip();
  }

  private static String mediaType(ManifestReader document, @Nullable String declared) {
    String stated = document.mediaType;
    if (isSchema1(document, declared) || isSchema1(document, stated)) {
      throw invalid(
          "schemaVersion",
          "1 is Docker's first image format, which is not secure and not supported; push with"
              + " Docker 1.10 or newer, or convert the image to OCI");
    }
    if (declared != null && stated != null && !declared.equals(stated)) {
      throw invalid("mediaType", "is " + stated + ", but Content-Type says " + declared);
    }
    if (declared != null) {
      return declared;
    }
    return stated != null ? stated : inferType(document);
  }

  private static boolean isSchema1(ManifestReader document, @Nullable String type) {
    return type == null
        ? document.schemaVersion != null && document.schemaVersion == 1
        : MediaTypes.isSchema1(type);
  }

  private static String inferType(ManifestReader document) {
    if (document.manifests != null) {
      return MediaTypes.OCI_INDEX;
    }
    if (document.config != null || document.layers != null) {
      return MediaTypes.OCI_MANIFEST;
    }
    throw invalid("mediaType", "is missing, and so is Content-Type");
  }

  private static ParsedManifest image(String type, ManifestReader document) {
    requireSchemaVersion(document);
    forbid("manifests", document.manifests, type);
    forbid("blobs", document.blobs, type);
    Descriptor config = document.config;
    if (config == null) {
      throw invalid("config", "is missing");
    }
    List<Descriptor> blobs = new ArrayList<>();
    blobs.add(config);
    blobs.addAll(require("layers", document.layers));
    String artifactType =
        document.artifactType == null ? config.mediaType() : document.artifactType;
    return parsed(type, artifactType, document, blobs, List.of());
  }

  private static ParsedManifest index(String type, ManifestReader document) {
    requireSchemaVersion(document);
    forbid("config", document.config, type);
    forbid("layers", document.layers, type);
    forbid("blobs", document.blobs, type);
    List<Descriptor> blobs = new ArrayList<>();
    List<Descriptor> manifests = new ArrayList<>();
    for (Descriptor entry : require("manifests", document.manifests)) {
      (MediaTypes.isManifest(entry.mediaType()) ? manifests : blobs).add(entry);
    }
    return parsed(type, document.artifactType, document, blobs, manifests);
  }

  private static ParsedManifest artifact(String type, ManifestReader document) {
    forbid("config", document.config, type);
    forbid("layers", document.layers, type);
    forbid("manifests", document.manifests, type);
    if (document.artifactType == null) {
      throw invalid("artifactType", "is missing");
    }
    List<Descriptor> blobs = document.blobs == null ? List.of() : document.blobs;
    return parsed(type, document.artifactType, document, blobs, List.of());
  }

  private static ParsedManifest parsed(
      String type,
      @Nullable String artifactType,
      ManifestReader document,
      List<Descriptor> blobs,
      List<Descriptor> manifests) {
    return new ParsedManifest(
        type,
        artifactType,
        document.subject,
        List.copyOf(blobs),
        List.copyOf(manifests),
        document.annotations);
  }

  private static void requireSchemaVersion(ManifestReader document) {
    if (document.schemaVersion == null) {
      throw invalid("schemaVersion", "is missing");
    }
    if (document.schemaVersion != 2) {
      throw invalid("schemaVersion", "must be 2");
    }
  }

  private static List<Descriptor> require(String field, @Nullable List<Descriptor> value) {
    if (value == null) {
      throw invalid(field, "is missing");
    }
    return value;
  }

  /** A document that is an image to one reader and an index to another: CVE-2021-41190. */
  private static void forbid(String field, @Nullable Object value, String type) {
    if (value != null) {
      throw invalid(field, "does not belong in " + type);
    }
  }
}
