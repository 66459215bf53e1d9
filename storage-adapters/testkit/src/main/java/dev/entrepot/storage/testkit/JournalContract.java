package dev.entrepot.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.storage.JournalName;
import dev.entrepot.storage.StoreJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link StoreJournal}. */
abstract class JournalContract extends StoreTests {
  private static final JournalName NAME = name("ab/first");

  private static JournalName name(String text) {
    return new JournalName(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 300_000, 7_000_000})
  void objectIsReadElsewhereAsItWasWritten(int size) {
    store.journal().put(NAME, content(size));
    assertArrayEquals(content(size), openStore().journal().read(NAME).orElseThrow());
  }

  @Test
  void absentObjectIsEmpty() {
    assertEquals(Optional.empty(), store.journal().read(NAME));
    assertEquals(List.of(), store.journal().list("ab/", null, 10));
  }

  @Test
  void objectIsReplaced() {
    store.journal().put(NAME, content(1000));
    store.journal().put(NAME, content(10));
    assertArrayEquals(content(10), store.journal().read(NAME).orElseThrow());
  }

  @Test
  void deletedObjectIsGoneAndMayBeDeletedAgain() {
    store.journal().put(NAME, content(10));
    store.journal().delete(NAME);
    store.journal().delete(NAME);
    assertEquals(Optional.empty(), store.journal().read(NAME));
    assertEquals(List.of(), store.journal().list("ab/", null, 10));
  }

  @Test
  void listHasWhatStartsWithThePrefixInOrder() {
    StoreJournal journal = store.journal();
    for (String each : List.of("ab/b.2", "ab/b.10", "ab/a", "ab/c", "ac/b.1")) {
      journal.put(name(each), content(1));
    }
    assertEquals(List.of(name("ab/b.10"), name("ab/b.2")), journal.list("ab/b.", null, 10));
    assertEquals(4, journal.list("ab/", null, 10).size());
  }

  @Test
  void listGoesOnAfterAName() {
    StoreJournal journal = store.journal();
    List<JournalName> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(name("ab/n" + i));
      journal.put(all.getLast(), content(1));
    }
    assertEquals(all.subList(0, 2), journal.list("ab/", null, 2));
    assertEquals(all.subList(2, 4), journal.list("ab/", all.get(1), 2));
    assertEquals(all.subList(4, 5), journal.list("ab/", all.get(3), 2));
  }

  @Test
  void listWithoutRoomIsRejected() {
    assertThrows(IllegalArgumentException.class, () -> store.journal().list("ab/", null, 0));
  }

  @Test
  void objectIsNoBlobAndNoUpload() {
    store.journal().put(NAME, content(10));
    assertEquals(List.of(), store.list(null, 10));
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
  }

  @Test
  void manyWritersOfOneNameLeaveOneWhole() throws Exception {
    byte[] content = content(300_000);
    atOnce(
        8,
        () -> {
          store.journal().put(NAME, content);
          return true;
        });
    assertArrayEquals(content, store.journal().read(NAME).orElseThrow());
  }
}
