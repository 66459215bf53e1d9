package dev.entrepot.gc;

import static dev.entrepot.tag.ContentCore.TESTER;
import static dev.entrepot.tag.ContentCore.bytes;
import static dev.entrepot.tag.ContentCore.descriptor;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.index;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.DeletionHold;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.oci.MediaTypes;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.tag.ContentCore;
import dev.entrepot.tag.StoredContent;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes, and what stays. */
class CollectionIT {
  private static final RepositoryName HERE = name("acme/here");

  @TempDir Path directory;
  private TestDatabase postgres;
  private FilesystemBlobStore store;
  private ContentCore core;
  private StoredContent content;
  private Collection collection;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    store = FilesystemBlobStore.open(directory);
    with(Map.of("entrepot.gc.grace", "0s"));
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  /** No trash unless a test says so. */
  private void with(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(Map.of("entrepot.trash.keep", "0s"));
    all.putAll(settings);
    var config = TestConfig.with(all);
    core = new ContentCore(postgres.database(), config);
    content = new StoredContent(core, store);
    collection = new Collection(core, store, config);
  }

  private void collect() {
    for (int i = 0; i < 8; i++) {
      collection.run();
    }
  }

  @Test
  void whatATagLeadsToStays() {
    content.pushImage(HERE, "config");
    core.push(HERE, index(image("config")), "t");
    collect();
    assertEquals("config", content.read(HERE, digest("config")));
    assertEquals(1, bytesStored());
  }

  @Test
  void aBlobThatNoManifestNeedsGoesWithItsBytesAndIsCredited() {
    content.pushBlob(HERE, "loose");
    collect();
    assertTrue(core.blobs.find(HERE, digest("loose")).isEmpty());
    assertEquals(0, bytesStored());
    assertEquals(0, count("SELECT coalesce(sum(bytes), 0) FROM usage_delta"));
    assertEquals(0, count("SELECT count(*) FROM blob"));
    assertEquals(
        1,
        count(
            "SELECT count(*) FROM audit_event WHERE kind = 'blob-delete' AND actor = 'clean-up'"
                + " AND repository = 'acme/here'"));
    assertEquals(
        1,
        count(
            "SELECT count(*) FROM content_change"
                + " WHERE repository = 'acme/here' AND digest IS NOT NULL"));
  }

  @Test
  void bytesThatAnotherRepositoryHoldsStay() {
    content.pushBlob(HERE, "shared");
    RepositoryName other = name("acme/other");
    assertTrue(core.mount(other, HERE, digest("shared")));
    core.push(other, image("shared"), "t");
    collect();
    assertTrue(core.blobs.find(HERE, digest("shared")).isEmpty());
    assertEquals("shared", content.read(other, digest("shared")));
  }

  @Test
  void whatIsCondemnedIsServedAndRevivedByWhoAsks() {
    with(Map.of("entrepot.gc.grace", "1h"));
    content.pushBlob(HERE, "asked");
    content.pushBlob(HERE, "not asked");
    collect();
    assertEquals(2, condemned());
    age("repository_blob", "89 minutes");
    collect();
    assertTrue(core.blobs.find(HERE, digest("asked")).isPresent());
    assertEquals(1, condemned(), "asking revives");
    age("repository_blob", "2 minutes");
    collect();
    assertTrue(core.blobs.find(HERE, digest("asked")).isPresent());
    assertTrue(core.blobs.find(HERE, digest("not asked")).isEmpty());
    assertEquals(2, bytesStored(), "somebody may still be reading them");
    age("blob", "31 minutes");
    collect();
    assertEquals(1, bytesStored());
  }

  @Test
  void theManifestOfACondemnedBlobRevivesIt() {
    with(Map.of("entrepot.gc.grace", "1h"));
    content.pushBlob(HERE, "config");
    collect();
    core.push(HERE, image("config"), "t");
    assertEquals(0, condemned());
  }

  /**
   * A manifest's push has looked at the link before it was condemned, so it did not revive it, and
   * is committed after clean-up has judged and before it has locked.
   */
  @Test
  void whatIsNeededSinceItWasJudgedStays() {
    content.pushBlob(HERE, "config");
    collection.links.batch(null);
    List<Key> due =
        collection.links.page(null, 10).stream()
            .filter(Verdict::isToRemove)
            .map(Verdict::key)
            .toList();
    assertEquals(1, due.size());
    core.push(HERE, image("config"), "t");
    update("UPDATE repository_blob SET condemned_at = now()");
    collection.links.remove(due);
    assertEquals("config", content.read(HERE, digest("config")));
  }

  @Test
  void aPushOfBytesThatAreBeingDeletedBringsItsOwn() {
    content.pushBlob(HERE, "again");
    String before = core.blobs.find(HERE, digest("again")).orElseThrow().key().value();
    update("UPDATE blob SET state = 'deleting'");
    content.pushBlob(HERE, "again");
    core.push(HERE, image("again"), "t");
    assertFalse(core.blobs.find(HERE, digest("again")).orElseThrow().key().value().equals(before));
    collect();
    assertEquals("again", content.read(HERE, digest("again")));
  }

  @Test
  void whoDiedBetweenTheRowAndTheBytesIsFollowedByAnother() {
    content.pushBlob(HERE, "half");
    core.blobs.unlink(HERE, digest("half"), TESTER);
    update("UPDATE blob SET state = 'deleting'");
    collection.blobs.batch(null);
    assertEquals(0, bytesStored());
    assertEquals(0, count("SELECT count(*) FROM blob"));
  }

  @Test
  void aHoldKeepsBytes() throws Exception {
    content.pushBlob(HERE, "held");
    core.blobs.unlink(HERE, digest("held"), TESTER);
    try (Connection connection = postgres.dataSource().getConnection();
        DeletionHold hold = DeletionHold.take(connection, "test", Duration.ofMinutes(5))) {
      collect();
      assertEquals(1, bytesStored());
      assertTrue(hold.renew());
    }
    collect();
    assertEquals(0, bytesStored());
  }

  @Test
  void untaggedManifestsStayUnlessToldOtherwise() {
    Digest manifest = content.pushImage(HERE, "config");
    collect();
    assertTrue(core.manifests.find(HERE, manifest).isPresent());
    update("UPDATE repository SET untagged = '0d'");
    collect();
    assertTrue(core.manifests.find(HERE, manifest).isEmpty());
    assertEquals(0, bytesStored());
    with(Map.of("entrepot.gc.grace", "0s", "entrepot.gc.untagged-age", "0s"));
    update("UPDATE repository SET untagged = 'keep'");
    content.pushImage(HERE, "config");
    collect();
    assertTrue(core.manifests.find(HERE, manifest).isPresent());
  }

  @Test
  void anUntaggedManifestGoesWhenItIsOldEnough() {
    with(Map.of("entrepot.gc.grace", "0s", "entrepot.gc.untagged-age", "10d"));
    Digest manifest = content.pushImage(HERE, "config");
    collect();
    age("manifest", "239 hours");
    collect();
    assertTrue(core.manifests.find(HERE, digest(image("x"))).isEmpty());
    assertEquals(1, count("SELECT count(*) FROM manifest WHERE condemned_at IS NOT NULL"));
    age("manifest", "2 hours");
    collect();
    assertTrue(core.manifests.find(HERE, manifest).isEmpty());
  }

  @Test
  void childrenOfAnIndexAndReferrersOfASubjectStayAsLongAsThatDoes() {
    with(
        Map.of(
            "entrepot.gc.grace", "0s",
            "entrepot.gc.untagged-age", "0s",
            "entrepot.gc.absent-subject-age", "7d"));
    content.pushImage(HERE, "config");
    Digest index = core.push(HERE, index(image("config")), "t").digest();
    Digest signature = core.push(HERE, referrer(index(image("config")))).digest();
    Digest ofSignature = core.push(HERE, referrer(referrer(index(image("config"))))).digest();
    collect();
    assertEquals(4, count("SELECT count(*) FROM manifest"));
    core.tags.delete(HERE, tag("t"), TESTER);
    collect();
    assertTrue(core.manifests.find(HERE, index).isEmpty());
    assertTrue(core.blobs.find(HERE, digest("config")).isEmpty());
    assertTrue(core.manifests.find(HERE, ofSignature).isPresent());
    assertTrue(core.manifests.find(HERE, signature).isPresent());
    age("manifest", "8 days");
    collect(); // find has revived it
    assertTrue(core.manifests.find(HERE, signature).isPresent());
    collect();
    age("manifest", "8 days");
    collect();
    assertEquals(1, count("SELECT count(*) FROM manifest"), "what it signed has just gone");
    age("manifest", "8 days");
    collect();
    assertEquals(0, count("SELECT count(*) FROM manifest"));
  }

  @Test
  void theTrashKeepsBytesAndNotTheLink() {
    with(Map.of("entrepot.gc.grace", "0s", "entrepot.trash.keep", "7d"));
    Digest manifest = content.pushImage(HERE, "config", "t");
    core.delete(HERE, manifest);
    collect();
    assertTrue(core.blobs.find(HERE, digest("config")).isEmpty());
    assertEquals(1, bytesStored());
    update("UPDATE trash SET deleted_at = deleted_at - interval '8 days'");
    collect();
    assertEquals(0, bytesStored());
    assertEquals(0, count("SELECT count(*) FROM blob_holder"));
  }

  @Test
  void aDeletedTagKeepsItsManifest() {
    with(
        Map.of(
            "entrepot.gc.grace", "0s",
            "entrepot.gc.untagged-age", "0s",
            "entrepot.trash.keep", "7d"));
    Digest manifest = content.pushImage(HERE, "config", "t");
    core.tags.delete(HERE, tag("t"), TESTER);
    collect();
    assertTrue(core.manifests.find(HERE, manifest).isPresent());
    assertEquals("config", content.read(HERE, digest("config")));
  }

  @Test
  void aDeletedRepositoryIsEmptiedWhenItsTimeIsOver() {
    with(Map.of("entrepot.gc.grace", "0s", "entrepot.trash.keep", "7d"));
    content.pushImage(HERE, "config", "t");
    content.pushImage(HERE, "other", "u");
    core.delete(HERE, digest(image("other")));
    update(
        "UPDATE repository SET deleted_name = name, name = 'acme/~' || id, deleted_at = now(),"
            + " deleted_by = 'x'");
    collect();
    assertEquals(2, bytesStored());
    update("UPDATE repository SET deleted_at = deleted_at - interval '8 days'");
    collect();
    assertEquals(0, count("SELECT count(*) FROM repository"));
    assertEquals(0, bytesStored());
  }

  @Test
  void bytesWithoutARowGoWhenNoUploadCanStillNeedThem() {
    with(Map.of("entrepot.upload.expiry", "1h"));
    content.pushBlob(HERE, "named");
    store.restore(
        new dev.entrepot.storage.StorageKey(
            "blobs/sha256/" + digest("x").hex().substring(0, 2) + "/" + digest("x").hex() + ".1"),
        digest("x"),
        1,
        new java.io.ByteArrayInputStream(bytes("x")));
    collection.orphans.batch(null);
    assertEquals(2, bytesStored());
    with(Map.of("entrepot.upload.expiry", "1ms"));
    collection.orphans.batch(null);
    assertEquals("named", content.read(HERE, digest("named")));
    assertEquals(1, bytesStored());
  }

  @Test
  void theReportSaysWhatWouldGoAndChangesNothing() {
    with(Map.of("entrepot.gc.grace", "1h", "entrepot.gc.untagged-age", "0s"));
    Digest manifest = content.pushImage(HERE, "config");
    content.pushImage(HERE, "kept", "t");
    content.pushBlob(HERE, "loose");
    var report =
        new CleanUpReport(core.database, collection.manifests, collection.links, collection.blobs);
    var manifests = report.page("");
    assertEquals(List.of(manifest.toString()), digests(manifests));
    assertEquals(image("config").length() + 6, manifests.items().getFirst().bytes());
    assertEquals("acme/here", manifests.items().getFirst().repository());
    assertEquals("unneeded", manifests.items().getFirst().state());
    var blobs = report.page("blob ");
    assertEquals(List.of(digest("loose").toString()), digests(blobs));
    assertEquals("blob ", manifests.next());
    assertEquals("bytes ", blobs.next());
    assertEquals(List.of(), report.page("bytes ").items());
    assertEquals(0, condemned());
  }

  private static List<String> digests(CleanUpReport.Page page) {
    return page.items().stream().map(CleanUpReport.Item::digest).toList();
  }

  private static String referrer(String subject) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[],\"subject\":%s}"
        .formatted(MediaTypes.OCI_INDEX, descriptor(MediaTypes.OCI_INDEX, subject));
  }

  private int bytesStored() {
    return store.list(null, 100).size();
  }

  private long condemned() {
    return count("SELECT count(*) FROM repository_blob WHERE condemned_at IS NOT NULL");
  }

  private void age(String table, String by) {
    update("UPDATE " + table + " SET condemned_at = condemned_at - interval '" + by + "'");
  }

  private void update(String sql) {
    core.database.read(connection -> Sql.update(connection, sql));
  }

  private long count(String sql) {
    return core.database
        .read(connection -> Sql.find(connection, sql, row -> row.getLong(1)))
        .orElseThrow(NoSuchElementException::new);
  }
}
