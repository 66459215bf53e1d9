package dev.entrepot.storage.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class WriteBackTest {
  private int syncs;

  @Test
  void syncStartsWhenThereAreEnoughBytes() {
    WriteBack writeBack = new WriteBack(() -> syncs++, Runnable::run);
    writeBack.written(WriteBack.INTERVAL - 1);
    assertEquals(0, syncs);
    writeBack.written(1);
    assertEquals(1, syncs);
    writeBack.written(WriteBack.INTERVAL - 1);
    assertEquals(1, syncs);
  }

  @Test
  void oneSyncRunsAtATime() throws IOException {
    Queue<Runnable> waiting = new ArrayDeque<>();
    WriteBack writeBack = new WriteBack(() -> syncs++, waiting::add);
    writeBack.written(WriteBack.INTERVAL);
    writeBack.written(WriteBack.INTERVAL);
    assertEquals(1, waiting.size());
    waiting.remove().run();
    writeBack.finish();
    assertEquals(2, syncs);
  }

  @Test
  void finishSyncsHoweverFewBytesThereAre() throws IOException {
    WriteBack writeBack = new WriteBack(() -> syncs++, Runnable::run);
    writeBack.finish();
    writeBack.written(1);
    writeBack.finish();
    assertEquals(2, syncs);
  }

  @Test
  void syncThatFailedStaysFailed() {
    WriteBack writeBack = new WriteBack(this::failOnce, Runnable::run);
    writeBack.written(WriteBack.INTERVAL);
    for (int i = 0; i < 2; i++) {
      IOException failure = assertThrows(IOException.class, writeBack::finish);
      assertEquals("disk on fire", failure.getMessage());
      writeBack.written(WriteBack.INTERVAL);
    }
    assertEquals(1, syncs);
  }

  private void failOnce() throws IOException {
    if (syncs++ == 0) {
      throw new IOException("disk on fire");
    }
  }
}
