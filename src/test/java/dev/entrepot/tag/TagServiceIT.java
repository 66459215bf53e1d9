package dev.entrepot.tag;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.manifest.Precondition;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class TagServiceIT {
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
  void aTagIsFoundWithItsManifest() {
    RepositoryName repository = name("find");
    Digest digest = core.pushImage(repository, "config", "t");
    assertEquals(digest, core.tags.find(repository, tag("t")).orElseThrow());
    assertArrayEquals(
        ContentCore.bytes(image("config")),
        core.tags.findManifest(repository, tag("t")).orElseThrow().content());
    assertTrue(core.tags.find(repository, tag("T")).isEmpty());
    assertTrue(core.tags.findManifest(repository, tag("u")).isEmpty());
  }

  @Test
  void anUnknownRepositoryIsToldApartFromAnUnknownTag() {
    RepositoryName unknown = name("un/known");
    assertCode(ErrorCode.NAME_UNKNOWN, () -> core.tags.find(unknown, tag("t")));
    assertCode(ErrorCode.NAME_UNKNOWN, () -> core.tags.findManifest(unknown, tag("t")));
    assertCode(ErrorCode.NAME_UNKNOWN, () -> core.tags.list(unknown, null, 1));
    assertCode(
        ErrorCode.NAME_UNKNOWN, () -> core.tags.delete(unknown, tag("t"), ContentCore.actor("x")));
  }

  @Test
  void tagsComeInByteOrderPageByPage() {
    RepositoryName repository = name("order");
    String[] tags = {"b", "a", "_", "A", "Z", "0", "a.b", "a-b", "a_b", "aa", "v1.10", "v1.9"};
    core.pushImage(repository, "config", tags);
    List<TagName> sorted = Stream.of(tags).sorted().map(ContentCore::tag).toList();
    assertEquals(sorted, core.tags.list(repository, null, 100));
    assertEquals(sorted.subList(0, 5), core.tags.list(repository, null, 5));
    assertEquals(sorted.subList(5, 12), core.tags.list(repository, sorted.get(4).value(), 100));
    assertEquals(List.of(tag("b"), tag("v1.10"), tag("v1.9")), core.tags.list(repository, "aé", 9));
    assertTrue(core.tags.list(repository, "v2", 9).isEmpty());
    assertTrue(core.tags.list(repository, null, 0).isEmpty());
  }

  @Test
  void aDeletedTagLeavesItsManifestAndItsHistory() {
    RepositoryName repository = name("delete");
    Digest digest = core.pushImage(repository, "config", "t");
    core.tags.delete(repository, tag("t"), ContentCore.actor("remover"));
    assertTrue(core.tags.find(repository, tag("t")).isEmpty());
    assertTrue(core.manifests.find(repository, digest).isPresent());
    assertTrue(core.events.contains(new ContentEvent.TagMoved(repository, tag("t"), digest, null)));
    assertCode(
        ErrorCode.MANIFEST_UNKNOWN,
        () -> core.tags.delete(repository, tag("t"), ContentCore.actor("x")));
    assertEquals(
        List.of(new Move("tester", null, digest), new Move("remover", digest, null)),
        history(repository, "t"));
  }

  @Test
  void everyMoveHasItsRowAndNothingElse() {
    RepositoryName repository = name("moves");
    Digest one = core.pushImage(repository, "one", "t");
    Digest two = core.pushImage(repository, "two", "t");
    core.pushImage(repository, "two", "t");
    core.pushImage(repository, "one", "t");
    core.delete(repository, one);
    assertEquals(
        List.of(
            new Move("tester", null, one),
            new Move("tester", one, two),
            new Move("tester", two, one),
            new Move("tester", one, null)),
        history(repository, "t"));
  }

  @Test
  void manyThatMoveATagAtOnceLeaveAnUnbrokenHistory() throws Exception {
    RepositoryName repository = name("at-once");
    for (int i = 0; i < 6; i++) {
      core.pushImage(repository, "config " + i);
    }
    atOnce(
        6,
        i -> {
          for (int round = 0; round < 30; round++) {
            core.push(repository, image("config " + i), "t", "u");
            if (round % 7 == i) {
              deleteIfThere(repository, "t");
            }
          }
          return null;
        });
    for (String name : List.of("t", "u")) {
      Digest current = core.tags.find(repository, tag(name)).orElse(null);
      assertUnbroken(history(repository, name), current);
    }
  }

  @Test
  void ofManyThatCreateATagOneWins() throws Exception {
    RepositoryName repository = name("create");
    for (int i = 0; i < 6; i++) {
      core.pushImage(repository, "config " + i);
    }
    for (int round = 0; round < 20; round++) {
      String fresh = "t" + round;
      List<Boolean> won =
          atOnce(
              6,
              i -> {
                try {
                  core.push(repository, image("config " + i), Precondition.of(null, "*"), fresh);
                  return true;
                } catch (RegistryException e) {
                  assertEquals(ErrorCode.PRECONDITION_FAILED, e.code());
                  return false;
                }
              });
      assertEquals(1, won.stream().filter(w -> w).count());
      assertEquals(1, history(repository, fresh).size());
    }
  }

  @Test
  void ofManyThatReplaceATagOneWins() throws Exception {
    RepositoryName repository = name("replace");
    for (int i = 0; i < 6; i++) {
      core.pushImage(repository, "config " + i);
    }
    Digest current = core.pushImage(repository, "start", "t");
    for (int round = 0; round < 20; round++) {
      Precondition unchanged = Precondition.of("\"" + current + "\"", null);
      int odd = round;
      List<Boolean> won =
          atOnce(
              5,
              i -> {
                try {
                  core.push(repository, image("config " + (i + odd) % 6), unchanged, "t");
                  return true;
                } catch (RegistryException e) {
                  assertEquals(ErrorCode.PRECONDITION_FAILED, e.code());
                  return false;
                }
              });
      Digest next = core.tags.find(repository, tag("t")).orElseThrow();
      // Pushing what the tag points to already changes nothing, so others may still succeed.
      assertFalse(won.stream().noneMatch(w -> w));
      current = next;
    }
    assertUnbroken(history(repository, "t"), current);
  }

  @Test
  void theLastOfAHundredThousandTagsIsAsNearAsTheFirst() {
    RepositoryName repository = name("many");
    core.pushImage(repository, "config");
    long id = core.repositories.get(repository).value();
    core.database.transact(
        tx ->
            Sql.update(
                tx,
                """
                INSERT INTO tag (repository_id, name, digest)
                SELECT ?, 'v' || lpad(i::text, 7, '0'), ? FROM generate_series(1, 100000) i
                """,
                id,
                ContentCore.digest(image("config"))));
    core.database.read(c -> Sql.update(c, "ANALYZE tag"));
    for (String after : List.of("", "v0050000", "v0099900")) {
      String plan = explain(TagService.LIST, id, after, 100);
      assertTrue(plan.contains("Index Only Scan using tag_p"), plan);
      assertTrue(plan.contains("AND (name > "), plan);
      assertFalse(plan.contains("Sort"), plan);
    }
    assertEquals(tag("v0100000"), core.tags.list(repository, "v0099900", 1000).getLast());
    assertEquals(100_000, core.tags.list(repository, null, 1_000_000).size());
  }

  // ---- help

  private record Move(String actor, @Nullable Digest from, @Nullable Digest to) {}

  private static List<Move> history(RepositoryName repository, String tag) {
    long id = core.repositories.get(repository).value();
    return core.database.read(
        connection ->
            Sql.list(
                connection,
                """
                SELECT actor, from_digest, to_digest FROM tag_history
                WHERE repository_id = ? AND tag = ? ORDER BY id
                """,
                row -> new Move(row.getString(1), digest(row.getBytes(2)), digest(row.getBytes(3))),
                id,
                tag));
  }

  private static @Nullable Digest digest(byte @Nullable [] bytes) {
    return bytes == null ? null : Digest.fromBytes(bytes);
  }

  /** Each move starts where the one before ended, and the last ends where the tag is. */
  private static void assertUnbroken(List<Move> moves, @Nullable Digest current) {
    assertFalse(moves.isEmpty());
    assertNull(moves.getFirst().from());
    IntStream.range(1, moves.size())
        .forEach(i -> assertEquals(moves.get(i - 1).to(), moves.get(i).from(), "move " + i));
    assertTrue(moves.stream().noneMatch(move -> Objects.equals(move.from(), move.to())));
    assertEquals(current, moves.getLast().to());
  }

  private static void deleteIfThere(RepositoryName repository, String tag) {
    try {
      core.tags.delete(repository, tag(tag), ContentCore.actor("deleter"));
    } catch (RegistryException e) {
      assertEquals(ErrorCode.MANIFEST_UNKNOWN, e.code());
    }
  }

  private static String explain(String sql, Object... arguments) {
    List<String> plan =
        core.database.read(
            connection ->
                Sql.list(
                    connection, "EXPLAIN (COSTS OFF) " + sql, row -> row.getString(1), arguments));
    return String.join("\n", plan);
  }

  private static void assertCode(ErrorCode code, org.junit.jupiter.api.function.Executable work) {
    assertEquals(code, assertThrows(RegistryException.class, work).code());
  }
}
