package dev.entrepot.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.UploadState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** {@link BlobUpload}: bytes on their way in, and what becomes of them without a commit. */
abstract class AppendContract extends StoreTests {
  @Test
  void offsetCountsTheBytesTaken() {
    try (BlobUpload upload = start()) {
      assertEquals(0, upload.offset());
      append(upload, content(10));
      append(upload, content(100_000));
      assertEquals(100_010, upload.offset());
    }
  }

  @Test
  void buffersAreConsumed() {
    ByteBuffer small = ByteBuffer.wrap(content(7));
    ByteBuffer large = ByteBuffer.wrap(content(300_000));
    try (BlobUpload upload = start()) {
      upload.append(List.of(small, large));
    }
    assertFalse(small.hasRemaining());
    assertFalse(large.hasRemaining());
  }

  @Test
  void buffersMayBeReusedAfterTheAppend() {
    byte[] content = content(3_000_000);
    ByteBuffer reused = ByteBuffer.allocateDirect(1_000_000);
    try (BlobUpload upload = start()) {
      for (int i = 0; i < 3; i++) {
        reused.clear().put(content, i * 1_000_000, 1_000_000).flip();
        upload.append(List.of(reused));
      }
      assertArrayEquals(content, read(upload.commit(sha256(content))));
    }
  }

  @Test
  void buffersOfEveryKindAreTakenFromPositionToLimit() {
    byte[] content = content(40);
    ByteBuffer direct = ByteBuffer.allocateDirect(30).put(content, 0, 10).position(20);
    direct.put(content, 10, 10).flip();
    List<ByteBuffer> buffers =
        List.of(
            direct.duplicate().limit(10),
            direct.slice(20, 10),
            ByteBuffer.wrap(content, 20, 10),
            ByteBuffer.wrap(content).position(30).limit(40).asReadOnlyBuffer());
    try (BlobUpload upload = start()) {
      upload.append(buffers);
      assertArrayEquals(content, read(upload.commit(sha256(content))));
    }
  }

  @Test
  void emptyAppendsTakeNothing() {
    try (BlobUpload upload = start()) {
      upload.append(List.of());
      upload.append(List.of(ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
      assertEquals(0, upload.offset());
      byte[] content = content(5);
      upload.append(
          List.of(ByteBuffer.allocate(0), ByteBuffer.wrap(content), ByteBuffer.allocate(0)));
      assertArrayEquals(content, read(upload.commit(sha256(content))));
    }
  }

  @Test
  void thousandsOfBuffersAreTakenAtOnce() {
    byte[] content = content(250_000);
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int offset = 0; offset < content.length; offset += 50) {
      buffers.add(ByteBuffer.wrap(content, offset, 50));
    }
    try (BlobUpload upload = start()) {
      upload.append(buffers);
      assertArrayEquals(content, read(upload.commit(sha256(content))));
    }
  }

  @Test
  void startingTwiceDropsTheEarlierBytes() {
    UUID id = UUID.randomUUID();
    try (BlobUpload first = store.startUpload(id, DigestAlgorithm.SHA256)) {
      append(first, content(1000));
      first.suspend();
    }
    byte[] content = content(10);
    try (BlobUpload second = store.startUpload(id, DigestAlgorithm.SHA256)) {
      assertEquals(0, second.offset());
      append(second, content);
      assertArrayEquals(content, read(second.commit(sha256(content))));
    }
  }

  @Test
  void abortDropsTheBytes() {
    UUID id = UUID.randomUUID();
    try (BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256)) {
      append(upload, content(1000));
      UploadState state = upload.suspend();
      upload.abort();
      assertThrows(
          StorageException.NotFound.class,
          () -> store.resumeUpload(id, DigestAlgorithm.SHA256, state));
    }
    assertEquals(List.of(), store.list(null, 10));
  }

  @Test
  void abortTwiceIsAbortOnce() {
    BlobUpload upload = start();
    upload.abort();
    upload.abort();
    upload.close();
    upload.abort();
  }

  @Test
  void abortAfterCloseDoesNothing() {
    UUID id = UUID.randomUUID();
    BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256);
    append(upload, content(10));
    UploadState state = upload.suspend();
    upload.close();
    upload.abort();
    try (BlobUpload resumed = store.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
      assertEquals(10, resumed.offset());
    }
  }

  @Test
  void closeTwiceIsCloseOnce() {
    BlobUpload upload = start();
    upload.close();
    upload.close();
  }

  @Test
  void endedUploadsTakeNoCalls() {
    byte[] content = content(10);
    BlobUpload committed = start();
    append(committed, content);
    committed.commit(sha256(content));
    BlobUpload aborted = start();
    aborted.abort();
    BlobUpload closed = start();
    closed.close();
    for (BlobUpload ended : Arrays.asList(committed, aborted, closed)) {
      assertThrows(IllegalStateException.class, () -> append(ended, content));
      assertThrows(IllegalStateException.class, ended::suspend);
      assertThrows(IllegalStateException.class, () -> ended.commit(sha256(content)));
    }
    committed.close();
    assertTrue(store.list(null, 10).size() == 1);
  }
}
