package dev.entrepot.upload;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.tag.ContentCore;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Uploads that have not said how long they are, against a quota. */
@Timeout(60)
class RoomIT {
  private static final long BUFFER = 1 << 20;
  private static final long QUOTA = 60 << 20;
  private static final int UPLOADS = 50;
  private static final RepositoryName REPOSITORY = name("room/a");

  private TestDatabase postgres;
  private ContentCore core;

  @BeforeEach
  void open() {
    postgres = TestDatabase.open().withoutDeadlockDetection();
    core = new ContentCore(postgres.database());
    core.pushBlob(REPOSITORY, "");
    core.database.read(
        connection -> Sql.update(connection, "UPDATE repository SET quota_bytes = ?", QUOTA));
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void manyAtOnceGoBeyondTheQuotaByAChunkEachAtMostAndCommitWithinIt() throws Exception {
    List<Long> taken = atOnce(UPLOADS, i -> stream(room(), 5 * BUFFER));
    long all = taken.stream().mapToLong(Long::longValue).sum();
    assertTrue(all > QUOTA / 2, "taken " + all); // the quota is of use up to near its end
    assertTrue(all <= QUOTA + UPLOADS * Room.CHUNK, "taken " + all);
    assertTrue(reserved() <= QUOTA, "reserved " + reserved());
  }

  @Test
  void oneAfterTheOtherFillsTheQuotaToTheLastByte() {
    for (long left = QUOTA; left > 0; left -= 5 * BUFFER) {
      assertEquals(5 * BUFFER, stream(room(), 5 * BUFFER));
    }
    assertEquals(QUOTA, reserved());
    assertTrue(stream(room(), 5 * BUFFER) <= Room.CHUNK);
    assertEquals(QUOTA, reserved());
  }

  @Test
  void whatIsNotKeptIsGivenBack() {
    Room room = room();
    room.need(10 * BUFFER);
    room.shrink(3 * BUFFER);
    assertEquals(3 * BUFFER, reserved());
    room.shrink(0);
    assertEquals(0, reserved());
  }

  @Test
  void theReservationIsExchangedForTheBlobInOneTransaction() {
    Room room = room();
    room.need(7);
    core.database.transact(
        transaction -> {
          room.exchange(transaction);
          return true;
        });
    room.exchanged();
    assertEquals(0, reserved());
  }

  /** Takes bytes until they are all there or there is no room; how many. */
  private static long stream(Room room, long length) {
    long taken = 0;
    try {
      while (taken < length) {
        room.grow(taken + BUFFER);
        taken += BUFFER;
      }
      room.need(taken);
    } catch (RegistryException e) {
      assertEquals(ErrorCode.DENIED, e.code());
    }
    return taken;
  }

  private Room room() {
    return new Room(
        core.usage, new UploadId(UUID.randomUUID(), REPOSITORY, DigestAlgorithm.SHA256));
  }

  private long reserved() {
    return core.database
        .read(
            connection ->
                Sql.find(
                    connection,
                    "SELECT coalesce(sum(bytes), 0) FROM usage_reservation",
                    row -> row.getLong(1)))
        .orElseThrow();
  }
}
