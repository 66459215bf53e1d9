package dev.entrepot.manifest;

import static dev.entrepot.tag.ContentCore.bytes;
import static dev.entrepot.tag.ContentCore.descriptor;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.index;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.oci.MediaTypes;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.tag.ContentCore;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.function.Executable;

class ManifestServiceIT {
  private static TestDatabase postgres;
  private static ContentCore core;
  private RepositoryName repository;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open();
    core = new ContentCore(postgres.database());
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @BeforeEach
  void nameARepository(TestInfo test) {
    repository =
        name(test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT));
    core.events.clear();
  }

  @Test
  void aManifestComesBackByteForByte() {
    core.pushBlob(repository, "config");
    String content = image("config") + "\n \n";
    PushedManifest pushed = core.push(repository, content);
    StoredManifest found = core.manifests.find(repository, pushed.digest()).orElseThrow();
    assertArrayEquals(bytes(content), found.content());
    assertEquals(digest(content), found.digest());
    assertEquals(MediaTypes.OCI_MANIFEST, found.mediaType());
    assertEquals(
        List.of(new ContentEvent.ManifestPushed(repository, pushed.digest())), core.events);
  }

  @Test
  void sha512IsAnEqualCitizen() {
    core.pushBlob(repository, "config");
    byte[] content = bytes(image("config"));
    Digest digest = Digest.ofContent(DigestAlgorithm.SHA512, content);
    push(content, digest, "a", "b");
    assertEquals(digest, core.tags.find(repository, tag("b")).orElseThrow());
    assertArrayEquals(
        content, core.tags.findManifest(repository, tag("a")).orElseThrow().content());
  }

  @Test
  void anotherDigestThanExpectedIsRefused() {
    byte[] content = bytes(index());
    assertCode(ErrorCode.DIGEST_INVALID, () -> push(content, digest("else")));
    assertTrue(core.repositories.find(repository).isEmpty());
  }

  @Test
  void eachMissingDigestIsNamedAndNothingIsKept() {
    core.pushBlob(repository, "config");
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () -> core.push(repository, image("config", "no 1", "no 2", "no 1"), "t"));
    assertEquals(ErrorCode.MANIFEST_BLOB_UNKNOWN, refused.code());
    assertEquals(
        List.of(
            Map.of("digest", digest("no 1").toString()),
            Map.of("digest", digest("no 2").toString())),
        refused.details());
    assertTrue(core.tags.find(repository, tag("t")).isEmpty());
    assertTrue(core.events.isEmpty());
  }

  @Test
  void blobsOfOtherRepositoriesDoNotCount() {
    core.pushBlob(name("another"), "config of another");
    assertCode(
        ErrorCode.MANIFEST_BLOB_UNKNOWN, () -> core.push(repository, image("config of another")));
    assertTrue(core.repositories.find(repository).isEmpty());
  }

  @Test
  void anIndexNeedsItsManifestsAsManifests() {
    String child = image("config");
    core.pushBlob(repository, "config");
    core.pushBlob(repository, child);
    assertCode(ErrorCode.MANIFEST_BLOB_UNKNOWN, () -> core.push(repository, index(child)));
    core.push(repository, child);
    core.push(repository, index(child), "nested");
    core.push(repository, index(index(child)).replace("image.manifest", "image.index"));
  }

  @Test
  void aSparseIndexIsTakenWhereAllowed() {
    ContentCore sparse =
        new ContentCore(
            postgres.database(),
            TestConfig.with(Map.of("entrepot.manifest.allow-sparse-indexes", "true")));
    sparse.push(repository, index(image("nowhere")), "sparse");
    assertCode(ErrorCode.MANIFEST_BLOB_UNKNOWN, () -> sparse.push(repository, image("nowhere")));
  }

  @Test
  void entriesOfAnIndexThatAreNoManifestsAreBlobs() {
    String cache =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
            .formatted(
                MediaTypes.OCI_INDEX,
                descriptor("application/vnd.oci.image.layer.v1.tar+gzip", "cached layer"),
                descriptor("application/vnd.buildkit.cacheconfig.v0", "cache config"));
    Digest layer = core.pushBlob(repository, "cached layer");
    assertCode(ErrorCode.MANIFEST_BLOB_UNKNOWN, () -> core.push(repository, cache));
    core.pushBlob(repository, "cache config");
    core.push(repository, cache, "cache");
    assertCode(
        ErrorCode.UNSUPPORTED, () -> core.blobs.unlink(repository, layer, ContentCore.TESTER));
  }

  @Test
  void pushingAgainIsNoError() {
    Digest first = core.pushImage(repository, "config", "t");
    core.events.clear();
    assertEquals(first, core.pushImage(repository, "config", "t"));
    assertEquals(List.of(new ContentEvent.ManifestPushed(repository, first)), core.events);
  }

  @Test
  void aSubjectThatIsNotThereIsTold() {
    String content =
        image("config")
            .replace("\"layers\"", "\"subject\":%s,\"layers\"")
            .formatted(descriptor("a/b", "absent"));
    core.pushBlob(repository, "config");
    assertEquals(digest("absent"), core.push(repository, content).subject());
  }

  @Test
  void manyTagsAreSetAtOnceOrNotAtAll() {
    core.pushBlob(repository, "config");
    String[] tags = IntStream.range(0, 500).mapToObj(i -> "v" + i).toArray(String[]::new);
    PushedManifest pushed = core.push(repository, image("config"), tags);
    assertEquals(500, pushed.tags().size());
    assertEquals(500, core.tags.list(repository, null, 1000).size());
    core.pushBlob(repository, "config 2");
    Precondition absent = Precondition.of(null, "*");
    assertCode(
        ErrorCode.PRECONDITION_FAILED,
        () -> core.push(repository, image("config 2"), absent, "new1", "v7"));
    assertTrue(core.tags.find(repository, tag("new1")).isEmpty());
    assertTrue(core.manifests.find(repository, digest(image("config 2"))).isEmpty());
  }

  @Test
  void preconditionsAreOfTheTag() {
    Digest one = core.pushImage(repository, "one", "t");
    Digest two = core.pushImage(repository, "two");
    Precondition isOne = Precondition.of("\"" + one + "\", \"x\"", null);
    core.push(repository, image("two"), isOne, "t");
    assertCode(
        ErrorCode.PRECONDITION_FAILED, () -> core.push(repository, image("one"), isOne, "t"));
    assertCode(
        ErrorCode.PRECONDITION_FAILED,
        () -> core.push(repository, image("one"), Precondition.of(null, "*"), "t"));
    assertCode(
        ErrorCode.PRECONDITION_FAILED,
        () -> core.push(repository, image("one"), Precondition.of("*", null), "unheard-of"));
    assertCode(
        ErrorCode.PRECONDITION_FAILED,
        () -> core.push(repository, image("one"), Precondition.of("W/\"" + two + "\"", null), "t"));
    assertEquals(two, core.tags.find(repository, tag("t")).orElseThrow());
    core.push(repository, image("one"), Precondition.of("*", null), "t");
    core.push(repository, image("one"), Precondition.of(null, "*"), "fresh");
  }

  @Test
  void withoutTagsPreconditionsAreOfTheManifest() {
    core.pushBlob(repository, "config");
    core.push(repository, image("config"), Precondition.of(null, "*"));
    assertCode(
        ErrorCode.PRECONDITION_FAILED,
        () -> core.push(repository, image("config"), Precondition.of(null, "*")));
    core.push(repository, image("config"), Precondition.of("*", null));
  }

  @Test
  void deletingAManifestDeletesItsTags() {
    Digest one = core.pushImage(repository, "one", "b", "a");
    Digest two = core.pushImage(repository, "two", "c");
    core.events.clear();
    core.delete(repository, one);
    assertTrue(core.manifests.find(repository, one).isEmpty());
    assertEquals(List.of(tag("c")), core.tags.list(repository, null, 10));
    assertEquals(two, core.tags.find(repository, tag("c")).orElseThrow());
    assertEquals(
        List.of(
            new ContentEvent.ManifestDeleted(repository, one),
            new ContentEvent.TagMoved(repository, tag("a"), one, null),
            new ContentEvent.TagMoved(repository, tag("b"), one, null)),
        core.events);
    assertCode(ErrorCode.MANIFEST_UNKNOWN, () -> core.delete(repository, one));
    assertCode(ErrorCode.NAME_UNKNOWN, () -> core.delete(name("not/there"), one));
  }

  @Test
  void aChildOfAnIndexIsNotDeleted() {
    Digest child = core.pushImage(repository, "config");
    Digest parent = core.push(repository, index(image("config"))).digest();
    RegistryException refused =
        assertThrows(RegistryException.class, () -> core.delete(repository, child));
    assertEquals(ErrorCode.UNSUPPORTED, refused.code());
    assertTrue(refused.getMessage().contains(parent.toString()));
    core.delete(repository, parent);
    core.delete(repository, child);
  }

  @Test
  void aManifestOfAnUnknownRepositoryIsNotAnUnknownManifest() {
    assertCode(ErrorCode.NAME_UNKNOWN, () -> core.manifests.find(name("never/seen"), digest("x")));
  }

  private void push(byte[] content, Digest expected, String... tags) {
    core.manifests.push(
        new ManifestPush(
            repository,
            expected,
            java.util.Arrays.stream(tags).map(ContentCore::tag).toList(),
            null,
            content,
            Precondition.NONE,
            true,
            ContentCore.TESTER));
  }

  private static void assertCode(ErrorCode code, Executable work) {
    assertEquals(code, assertThrows(RegistryException.class, work).code());
  }
}
