package dev.entrepot.manifest;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.index;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.tag.ContentCore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pushes and deletes of the same content at once: whoever wins, nothing dangles. */
@Timeout(300)
class ConcurrentContentIT {
  private static final Set<ErrorCode> REFUSALS =
      Set.of(
          ErrorCode.MANIFEST_BLOB_UNKNOWN,
          ErrorCode.MANIFEST_UNKNOWN,
          ErrorCode.BLOB_UNKNOWN,
          ErrorCode.UNSUPPORTED);

  /** What a manifest that is there needs, or a tag points to, and is not there. */
  private static final String DANGLING =
      """
      SELECT count(*) FROM (
        SELECT 1 FROM manifest_reference r
        WHERE child_is_manifest AND NOT EXISTS (
          SELECT FROM manifest m WHERE m.repository_id = r.repository_id AND m.digest = r.child)
        UNION ALL
        SELECT 1 FROM manifest_reference r
        WHERE NOT child_is_manifest AND NOT EXISTS (
          SELECT FROM repository_blob b
          WHERE b.repository_id = r.repository_id AND b.digest = r.child)
        UNION ALL
        SELECT 1 FROM manifest_reference r
        WHERE NOT EXISTS (
          SELECT FROM manifest m WHERE m.repository_id = r.repository_id AND m.digest = r.parent)
        UNION ALL
        SELECT 1 FROM tag t
        WHERE NOT EXISTS (
          SELECT FROM manifest m WHERE m.repository_id = t.repository_id AND m.digest = t.digest)
      ) AS dangling
      """;

  /** Manifests whose references are not all written down. */
  private static final String FORGOTTEN =
      """
      SELECT count(*) FROM manifest m WHERE m.digest = ANY (?) AND (
        SELECT count(*) FROM manifest_reference r
        WHERE r.repository_id = m.repository_id AND r.parent = m.digest) <> ?
      """;

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
  void aPushAndTheDeleteOfItsBlobs() throws Exception {
    RepositoryName repository = name("race/blobs");
    for (int round = 0; round < 150; round++) {
      core.pushBlob(repository, "config");
      core.pushBlob(repository, "layer");
      atOnce(
          3,
          i ->
              switch (i) {
                case 0 -> tried(() -> core.push(repository, image("config", "layer"), "t"));
                case 1 ->
                    tried(() -> core.blobs.unlink(repository, digest("layer"), ContentCore.TESTER));
                default ->
                    tried(
                        () -> core.blobs.unlink(repository, digest("config"), ContentCore.TESTER));
              });
      assertNothingDangles();
      tried(() -> core.delete(repository, digest(image("config", "layer"))));
    }
  }

  @Test
  void aPushOfAnIndexAndTheDeleteOfItsChild() throws Exception {
    RepositoryName repository = name("race/children");
    for (int round = 0; round < 150; round++) {
      core.pushImage(repository, "config");
      atOnce(
          2,
          i ->
              i == 0
                  ? tried(() -> core.push(repository, index(image("config")), "t"))
                  : tried(() -> core.delete(repository, digest(image("config")))));
      assertNothingDangles();
      tried(() -> core.delete(repository, digest(index(image("config")))));
    }
  }

  @Test
  void aPushAndTheDeleteOfTheSameManifest() throws Exception {
    RepositoryName repository = name("race/same");
    core.pushBlob(repository, "config");
    core.pushBlob(repository, "layer");
    Digest manifest = digest(image("config", "layer"));
    for (int round = 0; round < 200; round++) {
      atOnce(
          4,
          i ->
              i % 2 == 0
                  ? tried(() -> core.push(repository, image("config", "layer"), "t" + i))
                  : tried(() -> core.delete(repository, manifest)));
      assertNothingDangles();
      assertEquals(
          0,
          count(FORGOTTEN, Sql.digests(List.of(manifest)), 2),
          "a manifest without its references");
    }
  }

  @Test
  void anythingWithAnything() throws Exception {
    RepositoryName repository = name("race/anything");
    int images = 4;
    atOnce(
        8,
        thread -> {
          Random random = new Random(thread);
          for (int i = 0; i < 80; i++) {
            String config = "config " + random.nextInt(images);
            List<String> tags = new ArrayList<>(List.of("a", "b", "c", "d"));
            Collections.shuffle(tags, random);
            String[] some = tags.subList(0, random.nextInt(4)).toArray(String[]::new);
            switch (random.nextInt(7)) {
              case 0, 1 -> tried(() -> core.pushImage(repository, config, some));
              case 2 -> tried(() -> core.push(repository, index(image(config)), some));
              case 3 -> tried(() -> core.delete(repository, digest(image(config))));
              case 4 -> tried(() -> core.delete(repository, digest(index(image(config)))));
              case 5 ->
                  tried(() -> core.blobs.unlink(repository, digest(config), ContentCore.TESTER));
              default ->
                  tried(
                      () ->
                          core.tags.delete(
                              repository,
                              ContentCore.tag(tags.getFirst()),
                              ContentCore.actor("x")));
            }
          }
          return null;
        });
    assertNothingDangles();
  }

  /** Nothing else than a proper refusal may come of a race. */
  private static boolean tried(Runnable work) {
    try {
      work.run();
      return true;
    } catch (RegistryException e) {
      if (!REFUSALS.contains(e.code()) && e.code() != ErrorCode.NAME_UNKNOWN) {
        throw e;
      }
      return false;
    }
  }

  private static void assertNothingDangles() {
    assertEquals(0, count(DANGLING));
  }

  private static int count(String sql, Object... arguments) {
    return core.database.read(
        connection -> Sql.find(connection, sql, row -> row.getInt(1), arguments).orElseThrow());
  }
}
