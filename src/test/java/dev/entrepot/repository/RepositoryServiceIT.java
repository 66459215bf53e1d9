package dev.entrepot.repository;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.TESTER;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.tag.ContentCore;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepositoryServiceIT {
  private TestDatabase postgres;
  private ContentCore core;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open();
    core = new ContentCore(postgres.database());
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void anUnknownNameHasNoId() {
    assertTrue(core.repositories.find(name("x")).isEmpty());
    assertEquals(
        ErrorCode.NAME_UNKNOWN,
        assertThrows(RegistryException.class, () -> core.repositories.get(name("x"))).code());
  }

  @Test
  void allWhoMakeARepositoryAtOnceGetTheSameId() throws Exception {
    for (int round = 0; round < 20; round++) {
      RepositoryName name = name("r" + round);
      List<RepositoryId> ids =
          atOnce(
              8,
              i -> core.database.transact(tx -> core.repositories.getOrCreate(tx, name, TESTER)));
      assertEquals(1, ids.stream().distinct().count());
      assertEquals(ids.getFirst(), core.repositories.get(name));
    }
  }

  @Test
  void aRepositoryThatWasRolledBackIsNotRemembered() {
    assertThrows(
        IllegalStateException.class,
        () ->
            core.database.transact(
                tx -> {
                  core.repositories.getOrCreate(tx, name("x"), TESTER);
                  core.repositories.getOrCreate(tx, name("x"), TESTER);
                  throw new IllegalStateException("changed my mind");
                }));
    assertTrue(core.repositories.find(name("x")).isEmpty());
    core.pushImage(name("x"), "config");
  }

  @Test
  void aNewRepositoryTakesTheTemplateOfItsNamespace() {
    core.database.read(
        connection ->
            Sql.update(
                connection,
                "INSERT INTO namespace (name, kind, default_visibility, default_quota_bytes)"
                    + " VALUES ('org', 'organisation', 'public', 7)"));
    core.pushBlob(name("org/a"), "blob");
    core.pushBlob(name("org"), "blob"); // of one component: in no namespace
    core.pushBlob(name("organ/a"), "blob");
    assertEquals(
        List.of("org private null", "org/a public 7", "organ/a private null"),
        core.database.read(
            connection ->
                Sql.list(
                    connection,
                    "SELECT name, visibility, quota_bytes FROM repository ORDER BY name",
                    row -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3))));
  }

  @Test
  void namesComeInByteOrderPageByPage() {
    List<String> names = List.of("b", "a/b", "a", "a-b", "a.b", "a__b", "a0", "z/z", "ab");
    names.forEach(text -> core.pushImage(name(text), "config"));
    List<RepositoryName> sorted = names.stream().sorted().map(ContentCore::name).toList();
    assertEquals(sorted, core.repositories.list(null, 100));
    assertEquals(sorted.subList(0, 3), core.repositories.list(null, 3));
    assertEquals(sorted.subList(3, 9), core.repositories.list(sorted.get(2).value(), 100));
  }

  @Test
  void onlyRepositoriesWithAManifestAreListed() {
    core.pushBlob(name("blobs-only"), "blob");
    Digest manifest = core.pushImage(name("emptied"), "config");
    core.delete(name("emptied"), manifest);
    core.pushImage(name("full"), "config");
    assertEquals(
        Stream.of("full").map(ContentCore::name).toList(), core.repositories.list(null, 10));
  }
}
