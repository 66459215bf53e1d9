package dev.entrepot.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Replica;
import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database and one store. */
class UploadLeaseIT {
  private TestDatabase test;
  private BlobStore store;
  private UploadId id;
  private Server a;
  private Server b;
  private Server c;
  private Path directory;

  private static final Map<String, String> ALONE = Map.of("entrepot.upload.closing-wait", "0s");
  private static final Map<String, String> ONE_OF_SEVERAL =
      Map.of("entrepot.upload.closing-wait", "0s", "entrepot.database.url", "jdbc:postgresql:x");

  /** What one server has of uploads. */
  private final class Server {
    final UploadRows rows;
    final LiveUploads uploads;

    Server(Map<String, String> settings) {
      EntrepotConfig config = TestConfig.with(settings);
      rows = new UploadRows(test.database(), new Replica(), config);
      uploads = new LiveUploads(rows, store, new Uncounted(), config, new SimpleMeterRegistry());
    }

    /** A whole request that appends. */
    void append(String text) {
      LiveUpload upload = uploads.acquire(id);
      write(upload, text);
      assertTrue(save(upload));
      uploads.release(upload);
    }

    boolean save(LiveUpload upload) {
      var state = upload.open().suspend();
      upload.unlease();
      boolean saved = rows.saveOpen(id, upload.fence(), state);
      if (saved) {
        upload.markDurable(state);
      }
      return saved;
    }

    boolean complete(LiveUpload upload, Digest digest) {
      return test.database()
          .transact(transaction -> rows.complete(transaction, id, upload.fence(), digest, 1));
    }
  }

  @BeforeEach
  void open(@TempDir Path directory) {
    test = TestDatabase.open();
    this.directory = directory;
    store = FilesystemBlobStore.open(directory);
    id = new UploadIds(new byte[32]).next(new RepositoryName("lease/a"), DigestAlgorithm.SHA256);
    a = new Server(ONE_OF_SEVERAL);
    b = new Server(ONE_OF_SEVERAL);
    c = new Server(ONE_OF_SEVERAL);
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static void write(LiveUpload upload, String text) {
    upload.requireLease();
    upload.open().append(List.of(ByteBuffer.wrap(text.getBytes(UTF_8))));
  }

  private static Digest digest(String text) {
    return Digest.ofContent(DigestAlgorithm.SHA256, text.getBytes(UTF_8));
  }

  private void expireLease() {
    test.database()
        .read(c -> Sql.update(c, "UPDATE upload SET lease_until = now() - interval '1 second'"));
  }

  @Test
  void oneRequestOfTwoAtTwoServersHasTheUpload() {
    LiveUpload held = a.uploads.acquire(id);
    assertThrows(BusyException.class, () -> b.uploads.acquire(id));
    assertThrows(BusyException.class, () -> b.uploads.acquireToClose(id));
    a.uploads.release(held);
    b.uploads.release(b.uploads.acquire(id));
  }

  @Test
  void eachServerGoesOnWhereTheOtherStopped() {
    a.append("one ");
    b.append("two ");
    a.append("three");
    assertEquals(13, b.uploads.status(id).offset());
    LiveUpload closing = b.uploads.acquireToClose(id);
    assertEquals(13, closing.open().commit(digest("one two three")).size());
  }

  @Test
  void theDigestSoFarIsKnownElsewhere() {
    a.append("content");
    assertEquals(digest("content").toString(), b.uploads.acquire(id).durable().detail());
  }

  @Test
  void whenAServerDiesItsUploadIsTakenOverFromWhatIsDurable() {
    a.append("one ");
    LiveUpload dying = a.uploads.acquire(id);
    write(dying, "lost");
    assertThrows(BusyException.class, () -> b.uploads.acquire(id));
    expireLease();
    b.append("two");
    assertEquals(7, b.uploads.status(id).offset());
  }

  @Test
  void whoeverWritesAfterItsLeaseWritesToNothing() {
    a.append("one ");
    LiveUpload slow = a.uploads.acquire(id);
    write(slow, "slow");
    expireLease();
    LiveUpload refused = b.uploads.acquire(id);
    b.uploads.remove(refused); // given back, and nothing kept
    LiveUpload next = c.uploads.acquire(id);
    write(next, "two");
    slow.open().append(List.of(ByteBuffer.wrap("late".getBytes(UTF_8))));
    slow.open().suspend();
    assertEquals(7, next.open().commit(digest("one two")).size());
  }

  @Test
  void anUploadThatWasGivenBackIsNotCopied() throws IOException {
    a.append("one ");
    Object file = fileKey();
    b.append("two ");
    assertEquals(file, fileKey());
    a.uploads.acquire(id);
    expireLease();
    b.append("three");
    assertNotEquals(file, fileKey());
  }

  private Object fileKey() throws IOException {
    Path file = directory.resolve("uploads/" + id.uuid());
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  @Test
  void whatADyingServerCommittedWithoutARowIsFoundByTheNext() {
    a.append("content");
    LiveUpload dying = a.uploads.acquireToClose(id);
    StorageKey stored = dying.open().commit(digest("content")).key();
    expireLease();
    LiveUpload next = b.uploads.acquireToClose(id);
    assertThrows(RegistryException.class, () -> next.findCommitted(digest("other")));
    assertEquals(stored, next.findCommitted(digest("content")).orElseThrow().key());
  }

  @Test
  void whoHasLostTheLeaseWritesNoRowAndMakesNoBlob() {
    LiveUpload slow = a.uploads.acquire(id);
    write(slow, "slow");
    expireLease();
    b.append("quick");
    assertFalse(a.save(slow));
    assertFalse(a.complete(slow, digest("slow")));
    assertEquals(5, b.uploads.status(id).offset());
    LiveUpload closing = b.uploads.acquireToClose(id);
    assertEquals(5, closing.open().commit(digest("quick")).size());
  }

  @Test
  void aLeaseThatTheDatabaseHasLostIsKept() {
    a.append("one ");
    LiveUpload held = a.uploads.acquire(id);
    write(held, "two");
    forgetLease();
    a.uploads.renew();
    held.requireLease();
    forgetLease();
    assertTrue(a.save(held));
    assertEquals(7, b.uploads.status(id).offset());
  }

  @Test
  void aLeaseThatTheDatabaseHasLostAndGivenToAnotherIsLost() {
    a.append("one ");
    LiveUpload held = a.uploads.acquire(id);
    write(held, "two");
    forgetLease();
    b.append("2");
    assertFalse(a.save(held));
    assertEquals(5, b.uploads.status(id).offset());
  }

  @Test
  void whatTheDatabaseHasForgottenTheOnlyServerKnows() {
    Server alone = new Server(ALONE);
    alone.append("one ");
    test.database().read(c -> Sql.update(c, "DELETE FROM upload"));
    assertEquals(4, alone.uploads.status(id).offset());
    alone.append("two");
    assertEquals(7, b.uploads.status(id).offset());
  }

  @Test
  void whatTheDatabaseHasForgottenOneOfSeveralForgets() {
    a.append("one ");
    test.database().read(c -> Sql.update(c, "DELETE FROM upload"));
    assertEquals(0, a.uploads.status(id).offset());
    a.append("two");
    assertEquals(3, b.uploads.status(id).offset());
  }

  /** As when PostgreSQL has crashed before the row was on the disk. */
  private void forgetLease() {
    test.database()
        .read(c -> Sql.update(c, "UPDATE upload SET lease_until = NULL, fence = fence - 1"));
  }

  @Test
  void whoHasLostTheLeaseIsToldWhenItIsRenewed() {
    LiveUpload slow = a.uploads.acquire(id);
    a.uploads.renew();
    slow.requireLease();
    expireLease();
    LiveUpload taken = b.uploads.acquire(id);
    a.uploads.renew();
    assertThrows(LeaseLostException.class, slow::requireLease);
    taken.requireLease();
  }

  @Test
  void aLeaseThatIsRenewedIsNotTakenOver() {
    LiveUpload held = a.uploads.acquire(id);
    expireLease();
    a.uploads.renew();
    assertThrows(BusyException.class, () -> b.uploads.acquire(id));
    held.requireLease();
  }

  @Test
  void whoGivesUpALostUploadLeavesTheBytesToTheOther() {
    LiveUpload slow = a.uploads.acquire(id);
    write(slow, "slow");
    expireLease();
    LiveUpload taken = b.uploads.acquire(id);
    write(taken, "quick");
    a.uploads.renew();
    a.uploads.remove(slow);
    assertTrue(b.save(taken));
    assertEquals(5, taken.open().commit(digest("quick")).size());
  }

  @Test
  void anUploadThatIsCancelledElsewhereIsLost() {
    LiveUpload held = a.uploads.acquire(id);
    b.rows.cancel(id);
    a.uploads.renew();
    assertTrue(held.isLost());
    assertThrows(RegistryException.class, () -> b.uploads.acquire(id));
  }

  @Test
  void whatIsCompletedAtOneServerIsCompletedAtAll() {
    LiveUpload closing = a.uploads.acquireToClose(id);
    assertTrue(a.complete(closing, digest("content")));
    a.uploads.remove(closing);
    var completed =
        assertThrows(UploadCompletedException.class, () -> b.uploads.acquireToClose(id));
    assertEquals(digest("content"), completed.digest());
  }

  @Test
  void aServerGetsTheLeaseAgainThatItCouldNotGiveBack() {
    LiveUpload held = a.uploads.acquire(id);
    held.unlease(); // as when the database is away
    a.uploads.release(held);
    a.uploads.release(a.uploads.acquire(id));
  }

  @Test
  void theHashIsKeptWhileTheUploadStaysHere() {
    a.append("one ");
    LiveUpload first = a.uploads.acquire(id);
    var bytes = first.open();
    a.uploads.release(first);
    assertEquals(bytes, a.uploads.acquire(id).open());
  }

  @Test
  void anUploadThatIsWorkedOnDoesNotExpire() {
    a.append("content");
    LiveUpload held = b.uploads.acquire(id);
    assertFalse(a.rows.expire(id.uuid(), java.time.Duration.ZERO));
    b.uploads.release(held);
    assertTrue(a.rows.expire(id.uuid(), java.time.Duration.ZERO));
    assertNull(a.rows.find(id.uuid()).filter(UploadRow.Open.class::isInstance).orElse(null));
  }
}
