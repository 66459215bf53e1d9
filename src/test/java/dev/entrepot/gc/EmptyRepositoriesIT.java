package dev.entrepot.gc;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.tag.ContentCore;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is listed, and who needs a look for it. */
class EmptyRepositoriesIT {
  private TestDatabase postgres;
  private ContentCore core;
  private EmptyRepositories step;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    core = new ContentCore(postgres.database());
    step = new EmptyRepositories(postgres.database(), TestConfig.defaults());
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void thoseThatHoldAManifestNeedNoLookOnceCleanUpHasBeenThere() {
    core.pushImage(name("full"), "a");
    core.pushImage(name("full"), "b");
    core.delete(name("full"), digest(image("b")));
    core.pushBlob(name("blobs-only"), "blob");
    core.pushImage(name("emptied"), "c");
    core.delete(name("emptied"), digest(image("c")));
    assertEquals(List.of("blobs-only", "emptied", "emptied", "full", "full"), looked());
    step.batch(null);
    assertEquals(List.of("blobs-only", "emptied"), looked());
    assertEquals(List.of(name("full")), core.repositories.list(null, 10));
  }

  @Test
  void oneThatIsFilledAgainIsListedAtOnce() {
    core.pushImage(name("r"), "a");
    core.delete(name("r"), digest(image("a")));
    step.batch(null);
    assertEquals(List.of(), core.repositories.list(null, 10));
    core.pushImage(name("r"), "a");
    assertEquals(List.of(name("r")), core.repositories.list(null, 10));
    step.batch(null);
    assertEquals(List.of(), looked());
    assertEquals(List.of(name("r")), core.repositories.list(null, 10));
  }

  @Test
  void theListIsTrueWhoeverPushesDeletesAndCleansUpAtOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      core.pushImage(name("r" + i), "config");
    }
    var small = TestConfig.with(Map.of("entrepot.gc.batch-size", "2"));
    for (int round = 0; round < 30; round++) {
      long seed = round;
      atOnce(
          6,
          thread -> {
            Random random = new Random(seed * 100 + thread);
            for (int i = 0; i < 10; i++) {
              if (thread < 2) {
                EmptyRepositories another = new EmptyRepositories(core.database, small);
                String cursor = null;
                do {
                  cursor = another.batch(cursor);
                } while (cursor != null);
              } else {
                pushOrDelete(name("r" + random.nextInt(3)), random.nextBoolean(), thread);
              }
            }
            return null;
          });
      assertEquals(filled(), core.repositories.list(null, 10));
    }
  }

  /** An image of the thread's own, so that several come and go in a repository at once. */
  private void pushOrDelete(RepositoryName repository, boolean push, int thread) {
    try {
      if (push) {
        core.pushImage(repository, "config of " + thread);
      } else {
        core.delete(repository, digest(image("config of " + thread)));
      }
    } catch (RegistryException e) { // nothing there to delete
    }
  }

  private List<RepositoryName> filled() {
    return names("SELECT DISTINCT name FROM manifest").stream().map(ContentCore::name).toList();
  }

  private List<String> looked() {
    return names("SELECT name FROM maybe_empty");
  }

  private List<String> names(String selectFrom) {
    String sql = selectFrom + " JOIN repository r ON r.id = repository_id ORDER BY name";
    return core.database.read(c -> Sql.list(c, sql, row -> row.getString(1)));
  }
}
