package dev.entrepot.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes: a manifest, or MANIFEST_INVALID; never another error. */
class ManifestParserFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DESCRIPTOR =
      """
      {"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":3,
       "urls":["https://example.com"],"data":"AAAA","annotations":{"é":"\\n"}}
      """
          .formatted(Digest.ofContent(DigestAlgorithm.SHA256, new byte[3]));
  private static final String IMAGE =
      """
      {"schemaVersion":2,"mediaType":"%s","artifactType":"a/b","config":%s,
       "layers":[%s,%s],"subject":%s,"annotations":{"a":"b","ü":"\\ud83d\\ude00"}}
      """
          .formatted(MediaTypes.OCI_MANIFEST, DESCRIPTOR, DESCRIPTOR, DESCRIPTOR, DESCRIPTOR);
  private static final String INDEX =
      """
      {"schemaVersion":2,"mediaType":"%s","manifests":[%s],"annotations":{}}
      """
          .formatted(MediaTypes.OCI_INDEX, DESCRIPTOR);

  private final ManifestParser parser = new ManifestParser(50, 1_000_000);

  @Property(tries = 2000)
  void randomBytes(@ForAll @Size(max = 200) byte[] content) {
    isManifestOrInvalid(content);
  }

  @Property(tries = 5000)
  void damagedManifests(
      @ForAll("manifests") String manifest, @ForAll long seed, @ForAll @IntRange(max = 8) int n) {
    Random random = new Random(seed);
    byte[] content = manifest.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < n; i++) {
      content[random.nextInt(content.length)] = (byte) random.nextInt(256);
    }
    isManifestOrInvalid(content);
  }

  @Property(tries = 5000)
  void manifestsOfShuffledParts(@ForAll("tokens") String content) {
    isManifestOrInvalid(content.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 1000)
  void cutOffManifests(@ForAll("manifests") String manifest, @ForAll @IntRange(max = 2000) int at) {
    isManifestOrInvalid(
        manifest.substring(0, Math.min(at, manifest.length())).getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void annotationsComeOutAsTheyWentIn(@ForAll Map<String, String> annotations) throws IOException {
    ObjectNode manifest = (ObjectNode) JSON.readTree(INDEX);
    manifest.set("annotations", JSON.valueToTree(annotations));
    ParsedManifest parsed = parser.parse(JSON.writeValueAsBytes(manifest), null);
    assertEquals(
        JSON.readTree(JSON.writeValueAsBytes(annotations)), JSON.readTree(parsed.annotations()));
  }

  private void isManifestOrInvalid(byte[] content) {
    for (String type : new String[] {null, MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX}) {
      try {
        assertNotNull(parser.parse(content, type));
      } catch (RegistryException e) {
        assertEquals(ErrorCode.MANIFEST_INVALID, e.code());
      }
    }
  }

  @Provide
  Arbitrary<String> manifests() {
    return Arbitraries.of(IMAGE, INDEX);
  }

  @Provide
  Arbitrary<String> tokens() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "2",
            "-1",
            "1e9",
            "null",
            "true",
            "\"schemaVersion\":2",
            "\"mediaType\":",
            "\"config\":",
            "\"layers\":[",
            "\"manifests\":[",
            "\"subject\":",
            "\"annotations\":{",
            "\"\"",
            "\"\\u0000\"",
            DESCRIPTOR,
            "\"size\":",
            "\"data\":")
        .list()
        .ofMaxSize(14)
        .map(parts -> "{" + String.join("", parts) + "}");
  }
}
