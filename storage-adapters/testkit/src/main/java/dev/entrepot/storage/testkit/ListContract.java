package dev.entrepot.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link BlobStore#list}: every key once, in order, page by page. */
abstract class ListContract extends StoreTests {
  private static final Comparator<StoredBlob> BY_KEY =
      Comparator.comparing(blob -> blob.key().value());

  /**
   * Several blobs of both algorithms, and one content several times, in the order of their keys.
   */
  private List<StoredBlob> fill() {
    List<StoredBlob> blobs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      blobs.add(put(content(i), sha256(content(i))));
      blobs.add(put(content(i), sha512(content(i))));
      blobs.add(put(content(3)));
    }
    blobs.sort(BY_KEY);
    return blobs;
  }

  private List<StoredBlob> listAll(int limit) {
    List<StoredBlob> all = new ArrayList<>();
    List<StoredBlob> page = store.list(null, limit);
    while (page.size() == limit) {
      all.addAll(page);
      page = store.list(page.getLast().key(), limit);
    }
    assertTrue(page.size() < limit);
    all.addAll(page);
    return all;
  }

  @Test
  void emptyStoreListsNothing() {
    assertEquals(List.of(), store.list(null, 10));
    assertEquals(List.of(), store.list(new StorageKey("a"), 10));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 36, 37, 1000})
  void pagesOfAnySizeGiveEveryBlobInOrder(int limit) {
    assertEquals(fill(), listAll(limit));
  }

  @Test
  void listGoesOnAfterAKeyThatIsGone() {
    List<StoredBlob> blobs = fill();
    StoredBlob gone = blobs.get(10);
    store.delete(gone.key());
    assertEquals(blobs.subList(11, blobs.size()), store.list(gone.key(), 1000));
  }

  @Test
  void listStartsAfterAnyKey() {
    List<StoredBlob> blobs = fill();
    assertEquals(blobs, store.list(new StorageKey("-"), 1000));
    assertEquals(List.of(), store.list(new StorageKey("zzz"), 1000));
    StorageKey longer = new StorageKey(blobs.get(4).key().value() + "0");
    assertEquals(blobs.subList(5, blobs.size()), store.list(longer, 1000));
  }

  @Test
  void listingWhileOthersDeleteMissesNoBlobThatStays() {
    List<StoredBlob> blobs = fill();
    List<StoredBlob> staying = new ArrayList<>();
    List<StoredBlob> leaving = new ArrayList<>();
    for (StoredBlob blob : blobs) {
      (staying.size() <= leaving.size() ? staying : leaving).add(blob);
    }
    var deleting =
        CompletableFuture.runAsync(() -> leaving.forEach(blob -> store.delete(blob.key())));
    do {
      List<StoredBlob> listed = listAll(3);
      assertTrue(listed.containsAll(staying), () -> "listed only " + listed);
    } while (!deleting.isDone());
    deleting.join();
    assertEquals(staying, listAll(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void limitBelowOneIsRejected(int limit) {
    assertThrows(IllegalArgumentException.class, () -> store.list(null, limit));
  }
}
