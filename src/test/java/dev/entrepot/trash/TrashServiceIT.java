package dev.entrepot.trash;

import static dev.entrepot.tag.ContentCore.TESTER;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.index;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.tag.ContentCore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrashServiceIT {
  private static TestDatabase postgres;
  private static ContentCore core;
  private static TrashService trash;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open();
    core = new ContentCore(postgres.database());
    trash =
        new TrashService(
            core.database,
            core.repositories,
            core.manifests,
            core.usage,
            new ContentEvents(List.of(core.events::add)),
            TestConfig.defaults());
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @Test
  void aDeletedManifestComesBackWithItsTags() {
    RepositoryName repository = name("trash/manifest");
    Digest manifest = core.pushImage(repository, "config", "a", "b");
    core.delete(repository, manifest);
    TrashedContent entry = only(repository);
    assertEquals("manifest", entry.kind());
    assertEquals(List.of("a", "b"), entry.tags().stream().sorted().toList());
    assertEquals("tester", entry.deletedBy());
    trash.restore(repository, entry.id(), false, TESTER);
    assertEquals(Optional.of(manifest), core.tags.find(repository, tag("a")));
    assertEquals(Optional.of(manifest), core.tags.find(repository, tag("b")));
    assertEquals(List.of(), trash.list(repository, 0, 10));
  }

  @Test
  void blobsThatWereUnlinkedMeanwhileAreLinkedAndCountedAgain() {
    RepositoryName repository = name("trash/unlinked");
    Digest manifest = core.pushImage(repository, "config", "t");
    core.delete(repository, manifest);
    core.blobs.unlink(repository, digest("config"), TESTER);
    assertEquals(0, used(repository));
    trash.restore(repository, only(repository).id(), false, TESTER);
    assertTrue(core.blobs.find(repository, digest("config")).isPresent());
    assertEquals("config".length(), used(repository));
  }

  @Test
  void aDeletedTagComesBackUnlessItWasPushedElsewhere() {
    RepositoryName repository = name("trash/tag");
    Digest manifest = core.pushImage(repository, "config", "t");
    core.tags.delete(repository, tag("t"), TESTER);
    TrashedContent entry = only(repository);
    assertEquals("tag", entry.kind());
    Digest other = core.pushImage(repository, "other", "t");
    assertProblem(Problem.CONFLICT, () -> trash.restore(repository, entry.id(), false, TESTER));
    assertEquals(Optional.of(other), core.tags.find(repository, tag("t")));
    trash.restore(repository, entry.id(), true, TESTER);
    assertEquals(Optional.of(manifest), core.tags.find(repository, tag("t")));
  }

  @Test
  void aTagWhoseManifestWasDeletedAsWellComesAfterIt() {
    RepositoryName repository = name("trash/both");
    Digest manifest = core.pushImage(repository, "config", "t");
    core.tags.delete(repository, tag("t"), TESTER);
    core.delete(repository, manifest);
    List<TrashedContent> entries = trash.list(repository, 0, 10);
    assertProblem(
        Problem.CONFLICT, () -> trash.restore(repository, entries.getFirst().id(), false, TESTER));
    trash.restore(repository, entries.getLast().id(), false, TESTER);
    trash.restore(repository, entries.getFirst().id(), false, TESTER);
    assertEquals(Optional.of(manifest), core.tags.find(repository, tag("t")));
  }

  @Test
  void anIndexBringsItsDeletedChildrenWithIt() {
    RepositoryName repository = name("trash/index");
    Digest stays = core.pushImage(repository, "stays");
    Digest child = core.pushImage(repository, "config", "kept", "moved");
    Digest inner = core.push(repository, index(image("config"))).digest();
    String outer = index(index(image("config")), image("stays"));
    core.push(repository, outer, "t");
    for (Digest digest : List.of(digest(outer), inner, child)) {
      core.delete(repository, digest);
    }
    Digest other = core.pushImage(repository, "other", "moved");
    trash.restore(repository, trash.list(repository, 0, 10).getFirst().id(), false, TESTER);
    assertEquals(Optional.of(digest(outer)), core.tags.find(repository, tag("t")));
    for (Digest digest : List.of(inner, child, stays)) {
      assertTrue(core.manifests.find(repository, digest).isPresent());
    }
    assertEquals(Optional.of(child), core.tags.find(repository, tag("kept")));
    assertEquals(Optional.of(other), core.tags.find(repository, tag("moved")));
    assertEquals(List.of(), trash.list(repository, 0, 10));
  }

  @Test
  void anIndexWhoseChildIsGoneForGoodStaysInTheTrash() {
    RepositoryName repository = name("trash/gone");
    Digest child = core.pushImage(repository, "config");
    Digest index = core.push(repository, index(image("config")), "t").digest();
    core.delete(repository, index);
    core.delete(repository, child);
    List<TrashedContent> entries = trash.list(repository, 0, 10);
    trash.restore(repository, entries.getLast().id(), false, TESTER);
    core.database.read(
        connection ->
            Sql.update(
                connection,
                "DELETE FROM manifest WHERE digest = ? AND repository_id = ?",
                child,
                core.repositories.get(repository).value()));
    assertProblem(
        Problem.CONFLICT, () -> trash.restore(repository, entries.getFirst().id(), false, TESTER));
    assertEquals(Optional.empty(), core.tags.find(repository, tag("t")));
  }

  @Test
  void whatHasBeenThereForItsTimeIsNotShown() {
    RepositoryName repository = name("trash/over");
    core.delete(repository, core.pushImage(repository, "config"));
    long id = only(repository).id();
    core.database.read(
        connection ->
            Sql.update(
                connection,
                "UPDATE trash SET deleted_at = now() - interval '8 days' WHERE id = ?",
                id));
    assertEquals(List.of(), trash.list(repository, 0, 10));
    assertProblem(Problem.NOT_FOUND, () -> trash.restore(repository, id, false, TESTER));
  }

  private static TrashedContent only(RepositoryName repository) {
    List<TrashedContent> entries = trash.list(repository, 0, 10);
    assertEquals(1, entries.size());
    return entries.getFirst();
  }

  private static long used(RepositoryName repository) {
    return core.database
        .read(
            connection ->
                Sql.find(
                    connection,
                    "SELECT coalesce(sum(bytes), 0) FROM usage_delta WHERE repository_id = ?",
                    row -> row.getLong(1),
                    core.repositories.get(repository).value()))
        .orElseThrow();
  }

  private static void assertProblem(Problem problem, Runnable work) {
    assertEquals(problem, assertThrows(ProblemException.class, work::run).problem());
  }
}
