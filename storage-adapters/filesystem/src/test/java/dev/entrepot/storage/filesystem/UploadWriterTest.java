package dev.entrepot.storage.filesystem;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadWriterTest {
  private final Random random = new Random(20_26);
  private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
  private Path file;
  private FileChannel channel;
  private UploadWriter writer;

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    file = directory.resolve("upload");
    channel = FileChannel.open(file, CREATE_NEW, READ, WRITE);
    writer = new UploadWriter(file, channel, 0, new DirectBuffers(), Runnable::run);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 4095, 4096, 4097, 262_143, 262_144, 262_145, 1_048_576, 1_048_577, 5_000_000})
  void everyLengthIsWrittenAsItIs(int length) throws IOException {
    append(length);
    writer.sync();
    assertFileIsWhatWasTaken();
  }

  @Test
  void longAndShortRunsAndPausesInAnyOrderMakeOneFile() throws IOException {
    for (int i = 0; i < 200; i++) {
      append(1 + random.nextInt(random.nextBoolean() ? 10_000 : 1_500_000));
      if (random.nextInt(4) == 0) {
        writer.sync();
        assertFileIsWhatWasTaken();
      }
    }
    writer.flush();
    assertFileIsWhatWasTaken();
  }

  @Test
  void whoContinuesAtAnyOffsetGoesOnThere() throws IOException {
    append(300_001);
    writer.sync();
    writer.close();
    channel = FileChannel.open(file, READ, WRITE);
    writer = new UploadWriter(file, channel, 300_001, new DirectBuffers(), Runnable::run);
    append(2_000_003);
    writer.sync();
    assertFileIsWhatWasTaken();
  }

  @Test
  void runsWithoutAFreeBufferAreWrittenThroughTheCache() throws IOException {
    DirectBuffers none = new DirectBuffers();
    while (none.take().isPresent()) {
      // until all are taken
    }
    writer = new UploadWriter(file, channel, 0, none, Runnable::run);
    append(1_000_001);
    writer.sync();
    assertFileIsWhatWasTaken();
  }

  @Test
  void aRunThatFailsIsTakenBackWhole() throws IOException {
    append(1_000_001);
    ByteBuffer[] failing = {ByteBuffer.allocate(2_000_000), unreadable()};
    assertThrows(RuntimeException.class, () -> writer.append(failing, 3_000_000));
    append(1_000_003);
    writer.sync();
    assertFileIsWhatWasTaken();
  }

  /** A buffer whose bytes cannot be had: what a fault in mid-run looks like. */
  private static ByteBuffer unreadable() {
    return null;
  }

  private void append(int length) throws IOException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    expected.writeBytes(bytes);
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int at = 0; at < length; ) {
      int part = Math.min(length - at, 1 + random.nextInt(65_536));
      buffers.add(ByteBuffer.wrap(bytes, at, part));
      at += part;
    }
    writer.append(buffers.toArray(ByteBuffer[]::new), length);
    buffers.forEach(buffer -> assertEquals(0, buffer.remaining()));
  }

  private void assertFileIsWhatWasTaken() throws IOException {
    assertArrayEquals(expected.toByteArray(), Files.readAllBytes(file));
  }
}
