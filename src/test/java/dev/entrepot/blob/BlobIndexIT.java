package dev.entrepot.blob;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.TESTER;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.tag.ContentCore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class BlobIndexIT {
  private static TestDatabase postgres;
  private static ContentCore core;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open().withoutDeadlockDetection();
    core = new ContentCore(postgres.database());
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @Test
  void aPublishedBlobIsFoundInItsRepositoryOnly() {
    core.pushBlob(name("find/here"), "found");
    core.pushBlob(name("find/there"), "other");
    Optional<BlobLocation> found = core.blobs.find(name("find/here"), digest("found"));
    assertEquals(5, found.orElseThrow().size());
    assertTrue(core.blobs.find(name("find/there"), digest("found")).isEmpty());
  }

  @Test
  void anUnknownRepositoryIsToldApartFromAnUnknownBlob() {
    assertCode(ErrorCode.NAME_UNKNOWN, () -> core.blobs.find(name("find/nowhere"), digest("x")));
  }

  @Test
  void theFirstCopyIsKept() {
    Published first = core.publish(name("twice/a"), "twice");
    Published second = core.publish(name("twice/b"), "twice");
    assertFalse(first.redundant());
    assertTrue(second.redundant());
    assertEquals(first.location(), second.location());
    assertEquals(Optional.of(first.location()), core.blobs.find(name("twice/b"), digest("twice")));
  }

  @Test
  void publishingTheSameBytesAgainIsNotRedundant() {
    StoredBlob stored = stored("repeated");
    for (int i = 0; i < 2; i++) {
      Published published =
          core.database.transact(
              tx ->
                  core.blobs.publish(
                      tx, name("repeated"), TESTER, digest("repeated"), stored, location -> false));
      assertFalse(published.redundant());
    }
  }

  @Test
  void lostBytesAreReplacedForAllRepositories() {
    Published lost = core.publish(name("lost/a"), "lost");
    Published again = core.publish(name("lost/b"), "lost", lost.location()::equals);
    assertTrue(again.redundant());
    Published healed = core.publish(name("lost/b"), "lost", location -> false);
    assertFalse(healed.redundant());
    assertFalse(healed.location().equals(lost.location()));
    assertEquals(Optional.of(healed.location()), core.blobs.find(name("lost/a"), digest("lost")));
  }

  @Test
  void ofManyThatReplaceLostBytesAtOnceOneKeepsItsOwn() throws Exception {
    BlobLocation lost = core.publish(name("heal/first"), "heal").location();
    List<Published> published =
        atOnce(
            8,
            i -> core.publish(name("heal/r" + i % 3), "heal", location -> !location.equals(lost)));
    assertEquals(1, published.stream().filter(p -> !p.redundant()).count());
    assertEquals(1, published.stream().map(Published::location).distinct().count());
  }

  @Test
  void aBlobWhoseBytesAreLostIsNotMounted() {
    Digest blob = core.pushBlob(name("lost/source"), "not to be mounted");
    RepositoryName target = name("lost/none");
    assertTrue(
        core.blobs.mount(target, name("lost/source"), TESTER, blob, location -> false).isEmpty());
    assertTrue(core.repositories.find(target).isEmpty());
  }

  @Test
  void ofManyThatPublishAtOnceOneKeepsItsBytes() throws Exception {
    for (int round = 0; round < 20; round++) {
      String content = "at once " + round;
      String prefix = "at-once/" + round + "/r";
      List<Published> published = atOnce(8, i -> core.publish(name(prefix + i % 3), content));
      assertEquals(1, published.stream().filter(p -> !p.redundant()).count());
      assertEquals(1, published.stream().map(Published::location).distinct().count());
      assertLinksInStep(digest(content), 3);
    }
  }

  @Test
  void aBlobThatIsBeingDeletedComesBackWithNewBytes() {
    Published old = core.publish(name("deleting"), "deleting");
    setState("deleting", "deleting");
    Published published = core.publish(name("deleting"), "deleting");
    assertFalse(published.redundant());
    assertFalse(published.location().key().equals(old.location().key()));
  }

  @Test
  void aCondemnedBlobIsPardonedWithItsBytes() {
    Published old = core.publish(name("condemned"), "condemned");
    setState("condemned", "condemned");
    Published published = core.publish(name("condemned"), "condemned");
    assertTrue(published.redundant());
    assertEquals(old.location(), published.location());
  }

  @Test
  void aMountedBlobIsFoundAndTold() {
    Digest blob = core.pushBlob(name("mount/from"), "mounted");
    assertTrue(core.mount(name("mount/to"), name("mount/from"), blob));
    assertTrue(core.blobs.find(name("mount/to"), blob).isPresent());
    assertTrue(core.events.contains(new ContentEvent.BlobLinked(name("mount/to"), blob)));
    assertEquals(
        List.of(name("mount/from"), name("mount/to")),
        core.blobs.listHolders(blob, 10).stream().sorted().toList());
    assertEquals(1, core.blobs.listHolders(blob, 1).size());
  }

  @Test
  void aMountThatFailsMakesNoRepository() {
    core.pushBlob(name("mount/source"), "something");
    RepositoryName target = name("mount/none");
    assertFalse(core.mount(target, name("mount/unknown"), digest("something")));
    assertFalse(core.mount(target, name("mount/source"), digest("nothing")));
    assertTrue(core.repositories.find(target).isEmpty());
  }

  @Test
  void aCondemnedBlobIsNotMounted() {
    Digest blob = core.pushBlob(name("mount/condemned"), "to be condemned");
    setState("to be condemned", "condemned");
    assertFalse(core.mount(name("mount/x"), name("mount/condemned"), blob));
  }

  @Test
  void anUnlinkedBlobIsGoneHereAndKeptElsewhere() {
    Digest blob = core.pushBlob(name("unlink/a"), "unlinked");
    core.pushBlob(name("unlink/b"), "unlinked");
    core.blobs.unlink(name("unlink/a"), blob, TESTER);
    assertTrue(core.blobs.find(name("unlink/a"), blob).isEmpty());
    assertTrue(core.blobs.find(name("unlink/b"), blob).isPresent());
    assertEquals(List.of(name("unlink/b")), core.blobs.listHolders(blob, 10));
    assertTrue(core.events.contains(new ContentEvent.BlobUnlinked(name("unlink/a"), blob)));
    assertCode(ErrorCode.BLOB_UNKNOWN, () -> core.blobs.unlink(name("unlink/a"), blob, TESTER));
    assertCode(ErrorCode.NAME_UNKNOWN, () -> core.blobs.unlink(name("unlink/no"), blob, TESTER));
  }

  @Test
  void aReferencedBlobIsNotUnlinked() {
    RepositoryName repository = name("unlink/referenced");
    Digest blob = core.pushBlob(repository, "layer");
    core.pushBlob(repository, "config");
    Digest manifest = core.push(repository, image("config", "layer")).digest();
    RegistryException refused =
        assertThrows(RegistryException.class, () -> core.blobs.unlink(repository, blob, TESTER));
    assertEquals(ErrorCode.UNSUPPORTED, refused.code());
    assertTrue(refused.getMessage().contains(manifest.toString()));
    core.delete(repository, manifest);
    core.blobs.unlink(repository, blob, TESTER);
  }

  @Test
  void linksStayInStepWhilePublishedAndUnlinkedAtOnce() throws Exception {
    RepositoryName repository = name("in-step");
    Digest blob = core.pushBlob(repository, "in step");
    for (int round = 0; round < 50; round++) {
      atOnce(
          4,
          i -> {
            if (i % 2 == 0) {
              return core.publish(repository, "in step").location();
            }
            try {
              core.blobs.unlink(repository, blob, TESTER);
            } catch (RegistryException e) {
              assertEquals(ErrorCode.BLOB_UNKNOWN, e.code());
            }
            return blob;
          });
      assertLinksInStep(blob, -1);
    }
  }

  /** Both directions of the link say the same. */
  private static void assertLinksInStep(Digest blob, int expected) {
    List<Integer> counts =
        core.database
            .read(
                connection ->
                    Sql.list(
                        connection,
                        """
                        SELECT count(l.digest), count(h.digest), count(*)
                        FROM (SELECT * FROM repository_blob WHERE digest = ?) l
                        FULL JOIN (SELECT * FROM blob_holder WHERE digest = ?) h USING (repository_id)
                        """,
                        row -> List.of(row.getInt(1), row.getInt(2), row.getInt(3)),
                        blob,
                        blob))
            .getFirst();
    assertEquals(1, counts.stream().distinct().count(), counts.toString());
    if (expected >= 0) {
      assertEquals(expected, counts.getFirst());
    }
  }

  private static void setState(String content, String state) {
    core.database.read(
        connection ->
            Sql.update(
                connection, "UPDATE blob SET state = ? WHERE digest = ?", state, digest(content)));
  }

  private static void assertCode(ErrorCode code, org.junit.jupiter.api.function.Executable work) {
    assertEquals(code, assertThrows(RegistryException.class, work).code());
  }
}
