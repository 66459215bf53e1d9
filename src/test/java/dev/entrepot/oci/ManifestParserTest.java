package dev.entrepot.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestParserTest {
  private static final String DIGEST =
      Digest.ofContent(DigestAlgorithm.SHA256, "{}".getBytes(StandardCharsets.UTF_8)).toString();
  private static final String OTHER =
      Digest.ofContent(DigestAlgorithm.SHA512, new byte[1]).toString();
  private static final String CONFIG =
      descriptor("application/vnd.oci.image.config.v1+json", DIGEST, 2);
  private static final String LAYER =
      descriptor("application/vnd.oci.image.layer.v1.tar+gzip", OTHER, 7);

  private final ManifestParser parser = new ManifestParser(100, 1_000_000);

  // ---- what is taken

  @Test
  void anImageNeedsItsConfigAndLayers() {
    ParsedManifest image = parse(image("'mediaType':'%s',".formatted(MediaTypes.OCI_MANIFEST)));
    assertEquals(MediaTypes.OCI_MANIFEST, image.mediaType());
    assertEquals(
        List.of(Digest.parse(DIGEST), Digest.parse(OTHER)),
        image.blobs().stream().map(Descriptor::digest).toList());
    assertTrue(image.manifests().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST})
  void anIndexTellsItsManifestsFromItsBlobs(String type) {
    ParsedManifest index =
        parse(
            index(
                type,
                descriptor(MediaTypes.OCI_INDEX, DIGEST, 2),
                descriptor("application/vnd.buildkit.cacheconfig.v0", OTHER, 7)));
    assertEquals(Digest.parse(DIGEST), index.manifests().getFirst().digest());
    assertEquals(Digest.parse(OTHER), index.blobs().getFirst().digest());
  }

  @Test
  void anArtifactManifestNeedsItsBlobs() {
    ParsedManifest artifact =
        parse(
            "{'mediaType':'%s','artifactType':'a/b','blobs':[%s],'subject':%s}"
                .formatted(MediaTypes.OCI_ARTIFACT, LAYER, descriptor("x/y", DIGEST, 2)));
    assertEquals(1, artifact.blobs().size());
    assertEquals(Digest.parse(DIGEST), subject(artifact));
    assertEquals("a/b", artifact.artifactType());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null"})
  void emptyListsAreTaken(String none) {
    assertEquals(
        1,
        parse("{'schemaVersion':2,'config':%s,'layers':%s}".formatted(CONFIG, none))
            .blobs()
            .size());
    assertTrue(parse("{'schemaVersion':2,'manifests':%s}".formatted(none)).manifests().isEmpty());
  }

  @Test
  void aMissingContentTypeIsTakenFromTheBody() {
    String docker = image("'mediaType':'%s',".formatted(MediaTypes.DOCKER_MANIFEST));
    assertEquals(MediaTypes.DOCKER_MANIFEST, parse(docker).mediaType());
    assertEquals(MediaTypes.DOCKER_MANIFEST, parse(docker, " ; charset=utf-8").mediaType());
  }

  @Test
  void aMissingMediaTypeIsTakenFromContentTypeOrTheForm() {
    assertEquals(
        MediaTypes.DOCKER_MANIFEST, parse(image(""), MediaTypes.DOCKER_MANIFEST).mediaType());
    assertEquals(MediaTypes.OCI_MANIFEST, parse(image("")).mediaType());
    assertEquals(MediaTypes.OCI_INDEX, parse("{'schemaVersion':2,'manifests':[]}").mediaType());
  }

  @Test
  void parametersOfContentTypeAreIgnored() {
    String content = image("'mediaType':'%s',".formatted(MediaTypes.OCI_MANIFEST));
    assertEquals(
        MediaTypes.OCI_MANIFEST,
        parse(content, MediaTypes.OCI_MANIFEST + "; charset=utf-8").mediaType());
  }

  @Test
  void unknownFieldsAndConfigTypesAreTaken() {
    String config = descriptor("application/vnd.acme.rocket.config", DIGEST, 2);
    ParsedManifest image =
        parse(
            "{'x':[{'y':[1,2,{'z':null}]}],'schemaVersion':2,'config':%s,'layers':[]}"
                .formatted(config));
    assertEquals("application/vnd.acme.rocket.config", image.artifactType());
  }

  @Test
  void theArtifactTypeIsTheConfigsOnlyWhenThereIsNoneOfItsOwn() {
    assertEquals("a/b", parse(image("'artifactType':'a/b',")).artifactType());
    assertEquals(
        "application/vnd.oci.image.config.v1+json",
        parse(image("'artifactType':'',")).artifactType());
    assertNull(parse("{'schemaVersion':2,'manifests':[]}").artifactType());
  }

  @Test
  void annotationsAreKeptAsTheyStand() {
    String annotations = "{ 'kéy' : 'v\\u00e9\\ud800' , 'b':'' }".replace('\'', '"');
    assertEquals(
        annotations, parse(image("'annotations': %s ,".formatted(annotations))).annotations());
    assertNull(parse(image("'annotations':null,")).annotations());
  }

  @Test
  void aForeignLayerWithUrlsMayBeAbsent() {
    String type = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    assertFalse(layer(type, "['https://example.com/x']").mustBePresent());
    assertTrue(layer(type, "[]").mustBePresent());
    assertTrue(layer(type, "null").mustBePresent());
    assertFalse(
        layer("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", "['x']")
            .mustBePresent());
    assertTrue(layer("application/vnd.oci.image.layer.v1.tar", "['x']").mustBePresent());
  }

  @Test
  void embeddedDataThatFitsIsTaken() {
    assertEquals(2, parse(withData("e30=", 2)).blobs().getFirst().size());
  }

  // ---- what is refused

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'schemaVersion':2,'config':CONFIG,'layers':[LAYER],'manifests':[]}       | config
          {'schemaVersion':2,'manifests':[],'layers':[]}                            | layers
          {'schemaVersion':2,'manifests':[],'config':CONFIG}                        | config
          {'schemaVersion':2,'layers':[],'config':CONFIG,'blobs':[]}                | blobs
          {'schemaVersion':2,'layers':[]}                                           | config
          {'schemaVersion':2,'config':CONFIG}                                       | layers
          {'schemaVersion':2,'config':null,'layers':[]}                             | config
          {'schemaVersion':2,'config':CONFIG,'layers':{}}                           | layers
          {'schemaVersion':2,'config':CONFIG,'layers':[LAYER,3]}                    | layers[1]
          {'schemaVersion':3,'manifests':[]}                                        | schemaVersion
          {'schemaVersion':'2','manifests':[]}                                      | schemaVersion
          {'schemaVersion':2.0,'manifests':[]}                                      | schemaVersion
          {'manifests':[]}                                                          | schemaVersion
          {'schemaVersion':2}                                                       | mediaType
          {'schemaVersion':2,'mediaType':'text/plain','manifests':[]}               | mediaType
          {'schemaVersion':2,'mediaType':7,'manifests':[]}                          | mediaType
          {'schemaVersion':2,'manifests':[],'Manifests':[]}                         | manifests
          {'schemaVersion':2,'manifests':[],'annotations':{'a':1}}                  | annotations
          {'schemaVersion':2,'manifests':[],'annotations':[]}                       | annotations
          {'schemaVersion':2,'manifests':[],'artifactType':'é'}                     | artifactType
          {'schemaVersion':2,'manifests':[],'subject':'x'}                          | subject
          {'schemaVersion':2,'manifests':[],'subject':{}}                           | subject.mediaType
          """)
  void contradictionsAreRefusedByTheField(String content, String field) {
    RegistryException refused =
        refused(content.replace("CONFIG", CONFIG).replace("LAYER", LAYER), null);
    assertEquals("{field=" + field + "}", String.valueOf(refused.detail()));
    assertTrue(refused.getMessage().contains(field + " "), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'digest':'sha256:00','size':1                     | digest
          'digest':'sha384:00','size':1                     | digest
          'digest':'DIGEST','size':-1                       | size
          'digest':'DIGEST','size':9223372036854775808      | size
          'digest':'DIGEST','size':1e3                      | size
          'digest':'DIGEST','size':'1'                      | size
          'digest':'DIGEST'                                 | size
          'size':1                                          | digest
          'digest':null,'size':1                            | digest
          'digest':'DIGEST','size':1,'urls':[1]             | urls
          'digest':'DIGEST','size':1,'urls':'x'             | urls
          'digest':'DIGEST','size':2,'data':'!!'            | data
          'digest':'DIGEST','size':3,'data':'e30='          | data
          'digest':'OTHER','size':2,'data':'e30='           | data
          'digest':'DIGEST','size':2,'Digest':'OTHER'       | digest
          """)
  void badDescriptorsAreRefusedByTheField(String fields, String field) {
    String layer =
        "{'mediaType':'a/b',%s}"
            .formatted(fields.replace("DIGEST", DIGEST).replace("OTHER", OTHER));
    String content = "{'schemaVersion':2,'config':%s,'layers':[%s]}".formatted(CONFIG, layer);
    assertEquals(
        "{field=layers[0]." + field + "}", String.valueOf(refused(content, null).detail()));
  }

  @Test
  void aContentTypeThatIsNotTheMediaTypeIsRefused() {
    String content = image("'mediaType':'%s',".formatted(MediaTypes.OCI_MANIFEST));
    assertTrue(
        refused(content, MediaTypes.DOCKER_MANIFEST)
            .getMessage()
            .contains("Content-Type says " + MediaTypes.DOCKER_MANIFEST));
    refused(image(""), "application/json");
    refused(image(""), MediaTypes.OCI_INDEX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'schemaVersion':1,'name':'x','fsLayers':[]} |
          {'schemaVersion':1,'name':'x','fsLayers':[]} | application/vnd.docker.distribution.manifest.v1+prettyjws
          {'mediaType':'application/vnd.docker.distribution.manifest.v1+json'} |
          """)
  void theFirstDockerFormatIsRefusedWithTheReason(String content, @Nullable String type) {
    assertTrue(refused(content, type).getMessage().contains("first image format"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "null",
        "[]",
        "7",
        "'x'",
        "{",
        "{'a'}",
        "{}{}",
        "{} x",
        "{'schemaVersion':2,}",
        "{'schemaVersion':2,'manifests':[],'manifests':[]}",
        "{'a':NaN}",
        "{/**/}",
        "\uFEFF{}",
        "{'a':'\0'}",
        "{'a':01}",
        "{'a':'\\x'}"
      })
  void whatIsNoJsonObjectIsRefused(String content) {
    refused(content, null);
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    byte[] overlong = {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'};
    assertEquals(
        "manifest invalid: the manifest is not UTF-8 at byte 2",
        assertThrows(RegistryException.class, () -> parser.parse(overlong, null)).getMessage());
    byte[] utf16 = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_16LE);
    assertThrows(RegistryException.class, () -> parser.parse(utf16, null));
  }

  @Test
  void moreTokensThanTheLimitAreRefused() {
    byte[] manifest =
        ("{\"schemaVersion\":2,\"manifests\":[],\"x\":[" + "0,".repeat(900) + "0]}")
            .getBytes(StandardCharsets.UTF_8);
    new ManifestParser(100, 1000).parse(manifest, null);
    ManifestParser stricter = new ManifestParser(100, 900);
    assertThrows(RegistryException.class, () -> stricter.parse(manifest, null));
  }

  @Test
  void deepNestingIsRefused() {
    refused("{'a':" + "[".repeat(10_000) + "]".repeat(10_000) + "}", null);
    refused("{'a':" + "{'a':".repeat(10_000) + "1" + "}".repeat(10_001), null);
  }

  @Test
  void moreReferencesThanAllowedAreRefused() {
    String layers = String.join(",", java.util.Collections.nCopies(99, LAYER));
    parse("{'schemaVersion':2,'config':%s,'layers':[%s]}".formatted(CONFIG, layers));
    refused(
        "{'schemaVersion':2,'config':%s,'layers':[%s,%s]}".formatted(CONFIG, layers, LAYER), null);
  }

  @Test
  void fourMegabytesOfTinyPartsAreRefusedInBoundedMemory() {
    refused("{'schemaVersion':2,'manifests':[],'x':[" + "[],".repeat(1_300_000) + "[]]}", null);
    StringBuilder names = new StringBuilder("{");
    for (int i = 0; i < 300_000; i++) {
      names.append("'f").append(i).append("':1,");
    }
    refused(names + "'manifests':7}", null);
  }

  // ---- help

  private ParsedManifest parse(String content) {
    return parse(content, null);
  }

  private ParsedManifest parse(String content, @Nullable String contentType) {
    return parser.parse(bytes(content), contentType);
  }

  private RegistryException refused(String content, @Nullable String contentType) {
    RegistryException refused =
        assertThrows(RegistryException.class, () -> parser.parse(bytes(content), contentType));
    assertEquals(ErrorCode.MANIFEST_INVALID, refused.code());
    return refused;
  }

  private Descriptor layer(String type, String urls) {
    String layer =
        "{'mediaType':'%s','digest':'%s','size':1,'urls':%s}".formatted(type, OTHER, urls);
    return parse("{'schemaVersion':2,'config':%s,'layers':[%s]}".formatted(CONFIG, layer))
        .blobs()
        .getLast();
  }

  private static @Nullable Digest subject(ParsedManifest manifest) {
    Descriptor subject = manifest.subject();
    return subject == null ? null : subject.digest();
  }

  private static String withData(String base64, int size) {
    assertEquals(2, Base64.getDecoder().decode(base64).length);
    return "{'schemaVersion':2,'layers':[],'config':{'mediaType':'a/b','digest':'%s','size':%d,"
            .formatted(DIGEST, size)
        + "'data':'%s'}}".formatted(base64);
  }

  private static String image(String before) {
    return "{%s'schemaVersion':2,'config':%s,'layers':[%s]}".formatted(before, CONFIG, LAYER);
  }

  private static String index(String type, String... entries) {
    return "{'schemaVersion':2,'mediaType':'%s','manifests':[%s]}"
        .formatted(type, String.join(",", entries));
  }

  private static String descriptor(String type, String digest, long size) {
    return "{'mediaType':'%s','digest':'%s','size':%d}".formatted(type, digest, size);
  }

  /** Manifests are written here with single quotation marks. */
  private static byte[] bytes(String content) {
    return content.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
