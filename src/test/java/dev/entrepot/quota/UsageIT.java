package dev.entrepot.quota;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.TESTER;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.tag.ContentCore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class UsageIT {
  private static TestDatabase postgres;
  private static ContentCore core;
  private static UsageFolder folder;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open().withoutDeadlockDetection();
    core = new ContentCore(postgres.database());
    folder = folder();
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @Test
  void whatARepositoryHoldsTwiceIsCountedOnce() {
    RepositoryName repository = name("once/a");
    core.pushBlob(repository, "12345");
    core.pushBlob(repository, "12345");
    assertEquals(5, used(repository));
  }

  @Test
  void eachRepositoryThatHoldsABlobIsCharged() {
    core.pushBlob(name("each/a"), "1234567");
    core.blobs.mount(name("each/b"), name("each/a"), TESTER, digest("1234567"), location -> true);
    assertEquals(7, used(name("each/a")));
    assertEquals(7, used(name("each/b")));
    assertEquals(14, usedByNamespace("each"));
  }

  @Test
  void whatIsUnlinkedIsCredited() {
    RepositoryName repository = name("credit/a");
    core.pushBlob(repository, "stays");
    core.pushBlob(repository, "goes away");
    core.blobs.unlink(repository, digest("goes away"), TESTER);
    assertEquals(5, used(repository));
  }

  @Test
  void foldingChangesNoUsageAndLeavesNothingToFold() {
    RepositoryName repository = name("fold/a");
    core.pushBlob(repository, "folded once");
    folder.fold();
    core.pushBlob(repository, "folded twice");
    folder.fold();
    assertEquals(23, used(repository));
    assertEquals(0, count("usage_delta", repository));
  }

  @Test
  void usageEqualsTheSumAfterRacingPushesDeletesMountsAndFolds() throws Exception {
    List<RepositoryName> names = List.of(name("race/a"), name("race/b"), name("race/c"));
    names.forEach(repository -> core.pushBlob(repository, "seed"));
    for (int round = 0; round < 40; round++) {
      atOnce(
          12,
          thread -> {
            if (thread < 2) {
              folder().fold();
            } else {
              change(names);
            }
            return null;
          });
    }
    names.forEach(repository -> assertEquals(held(repository), used(repository)));
    folder.fold();
    names.forEach(repository -> assertEquals(held(repository), used(repository)));
    assertEquals(names.stream().mapToLong(UsageIT::held).sum(), usedByNamespace("race"));
  }

  private static void change(List<RepositoryName> names) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    RepositoryName repository = names.get(random.nextInt(names.size()));
    String content = "content".repeat(random.nextInt(1, 4));
    switch (random.nextInt(3)) {
      case 0 -> core.pushBlob(repository, content);
      case 1 ->
          core.blobs.mount(repository, names.getFirst(), TESTER, digest(content), location -> true);
      default -> {
        try {
          core.blobs.unlink(repository, digest(content), TESTER);
        } catch (RegistryException e) {
          assertEquals(ErrorCode.BLOB_UNKNOWN, e.code());
        }
      }
    }
  }

  @Test
  void withoutAQuotaNothingIsReserved() {
    UUID upload = UUID.randomUUID();
    assertFalse(core.usage.reserve(upload, name("free/a"), Long.MAX_VALUE));
    assertEquals(0, reserved(upload));
  }

  @Test
  void whatDoesNotFitIsDeniedWithTheNumbers() {
    RepositoryName repository = name("full/a");
    core.pushBlob(repository, "12345678");
    setQuota(repository, 20);
    core.usage.reserve(UUID.randomUUID(), repository, 10);
    RegistryException denied =
        assertThrows(
            RegistryException.class, () -> core.usage.reserve(UUID.randomUUID(), repository, 3));
    assertEquals(ErrorCode.DENIED, denied.code());
    assertEquals(
        Map.of("repository", "full/a", "limit", 20L, "used", 8L, "reserved", 10L, "asked", 3L),
        denied.detail());
    core.usage.reserve(UUID.randomUUID(), repository, 2);
  }

  @Test
  void aNamespaceIsTheSumOfItsRepositories() {
    namespace("sum", 20L, null);
    core.pushBlob(name("sum/a"), "1234567890");
    core.pushBlob(name("sum/b"), "12345678");
    core.usage.reserve(UUID.randomUUID(), name("sum/new"), 1);
    RegistryException denied =
        assertThrows(
            RegistryException.class,
            () -> core.usage.reserve(UUID.randomUUID(), name("sum/other"), 2));
    assertEquals(
        Map.of("namespace", "sum", "limit", 20L, "used", 18L, "reserved", 1L, "asked", 2L),
        denied.detail());
  }

  @Test
  void aRepositoryThatIsToBeMadeHasTheQuotaOfTheTemplate() {
    namespace("template", null, 5L);
    assertDenied(name("template/new"), 6);
    assertTrue(core.usage.reserve(UUID.randomUUID(), name("template/new"), 5));
  }

  @Test
  void aRepositoryMadeByAPushKeepsTheQuotaOfTheTemplate() {
    namespace("made", null, 5L);
    core.pushBlob(name("made/new"), "123");
    update("UPDATE namespace SET default_quota_bytes = NULL WHERE name = 'made'");
    assertDenied(name("made/new"), 3);
    assertTrue(core.usage.reserve(UUID.randomUUID(), name("made/new"), 2));
  }

  @Test
  void anUploadThatAsksAgainIsNotChargedTwice() {
    RepositoryName repository = name("again/a");
    core.pushBlob(repository, "");
    setQuota(repository, 10);
    UUID upload = UUID.randomUUID();
    core.usage.reserve(upload, repository, 6);
    core.usage.reserve(upload, repository, 10);
    assertEquals(10, reserved(upload));
    assertThrows(RegistryException.class, () -> core.usage.reserve(upload, repository, 11));
    assertEquals(10, reserved(upload));
  }

  @Test
  void lessIsNeverRefused() {
    RepositoryName repository = name("less/a");
    core.pushBlob(repository, "");
    setQuota(repository, 10);
    UUID upload = UUID.randomUUID();
    core.usage.reserve(upload, repository, 10);
    setQuota(repository, 1);
    core.usage.reserve(upload, repository, 4);
    assertEquals(4, reserved(upload));
  }

  @Test
  void aMountThatDoesNotFitIsDenied() {
    core.pushBlob(name("mounting/from"), "123456");
    core.pushBlob(name("mounting/to"), "123");
    setQuota(name("mounting/to"), 8);
    RegistryException denied =
        assertThrows(
            RegistryException.class,
            () ->
                core.blobs.mount(
                    name("mounting/to"),
                    name("mounting/from"),
                    TESTER,
                    digest("123456"),
                    location -> true));
    assertEquals(ErrorCode.DENIED, denied.code());
    assertEquals(3, used(name("mounting/to")));
  }

  @Test
  void aMountLeavesNoReservation() {
    core.pushBlob(name("mounted/from"), "123456");
    core.pushBlob(name("mounted/to"), "123");
    setQuota(name("mounted/to"), 9);
    assertTrue(
        core.blobs
            .mount(
                name("mounted/to"),
                name("mounted/from"),
                TESTER,
                digest("123456"),
                location -> true)
            .isPresent());
    assertEquals(9, used(name("mounted/to")));
    assertEquals(0, count("usage_reservation", "repository", "mounted/to"));
  }

  @Test
  void expiredReservationsTakeNoRoomAndAreDropped() {
    RepositoryName repository = name("expired/a");
    core.pushBlob(repository, "");
    setQuota(repository, 10);
    UUID forgotten = UUID.randomUUID();
    core.usage.reserve(forgotten, repository, 10);
    update("UPDATE usage_reservation SET expires_at = now() WHERE upload_id = ?", forgotten);
    assertTrue(core.usage.reserve(UUID.randomUUID(), repository, 10));
    folder.fold();
    assertEquals(0, count("usage_reservation", "upload_id", forgotten));
  }

  @Test
  void ofManyAtOnceOnlyAsManyFitAsThereIsRoomFor() throws Exception {
    namespace("crowd", 105L, null);
    List<Boolean> fitted =
        atOnce(
            50,
            i -> {
              try {
                return core.usage.reserve(UUID.randomUUID(), name("crowd/r" + i % 7), 10);
              } catch (RegistryException e) {
                assertEquals(ErrorCode.DENIED, e.code());
                return false;
              }
            });
    assertEquals(10, fitted.stream().filter(fits -> fits).count());
  }

  private static void assertDenied(RepositoryName repository, long bytes) {
    assertEquals(
        ErrorCode.DENIED,
        assertThrows(
                RegistryException.class,
                () -> core.usage.reserve(UUID.randomUUID(), repository, bytes))
            .code());
  }

  private static UsageFolder folder() {
    return new UsageFolder(postgres.database(), TestConfig.defaults(), new SimpleMeterRegistry());
  }

  private static long used(RepositoryName repository) {
    return core.database.read(
        connection -> UsageRows.usedBy(connection, core.repositories.get(repository)));
  }

  private static long usedByNamespace(String namespace) {
    return core.database.read(connection -> UsageRows.usedBy(connection, namespace));
  }

  /** What the rows say that the repository holds. */
  private static long held(RepositoryName repository) {
    return number(
        """
        SELECT coalesce(sum(b.size), 0) FROM repository_blob rb JOIN blob b ON b.digest = rb.digest
        WHERE rb.repository_id = ?
        """,
        core.repositories.get(repository).value());
  }

  private static long reserved(UUID upload) {
    return number(
        "SELECT coalesce(sum(bytes), 0) FROM usage_reservation WHERE upload_id = ?", upload);
  }

  private static long count(String table, RepositoryName repository) {
    return count(table, "repository_id", core.repositories.get(repository).value());
  }

  private static long count(String table, String column, Object value) {
    return number("SELECT count(*) FROM " + table + " WHERE " + column + " = ?", value);
  }

  private static long number(String sql, Object argument) {
    return core.database.read(
        connection -> Sql.find(connection, sql, row -> row.getLong(1), argument).orElseThrow());
  }

  private static void setQuota(RepositoryName repository, long bytes) {
    update("UPDATE repository SET quota_bytes = ? WHERE name = ?", bytes, repository.value());
  }

  private static void namespace(String name, Long quota, Long ofEachRepository) {
    update(
        """
        INSERT INTO namespace (name, kind, quota_bytes, default_quota_bytes)
        VALUES (?, 'organisation', ?, ?)
        """,
        name,
        quota,
        ofEachRepository);
  }

  private static void update(String sql, Object... arguments) {
    core.database.read(connection -> Sql.update(connection, sql, arguments));
  }
}
