package dev.entrepot.storage.testkit;

import dev.entrepot.storage.BlobStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/**
 * What {@link BlobStore} promises, sentence by sentence. An adapter passes it by a subclass that
 * says how to open the store:
 *
 * <pre>{@code
 * class FilesystemBlobStoreTest extends BlobStoreContract {
 *   @TempDir Path directory;
 *
 *   @Override
 *   protected BlobStore openStore() {
 *     return FilesystemBlobStore.open(directory);
 *   }
 * }
 * }</pre>
 *
 * <p>Where a promise leaves a choice, the adapter declares its own by overriding a method here, and
 * that choice is asserted; no test is skipped.
 */
public abstract class BlobStoreContract {
  private final List<BlobStore> stores = new ArrayList<>();

  /**
   * Opens a store. Every call within one test gives another instance on the same place, as another
   * process would have; the place of every test is empty at first.
   */
  protected abstract BlobStore openStore();

  /** Whether {@link BlobStore#presign} gives URLs; then they must work. */
  protected boolean presigns() {
    return false;
  }

  private BlobStore openAndRemember() {
    BlobStore store = openStore();
    stores.add(store);
    return store;
  }

  @AfterEach
  void closeStores() {
    stores.forEach(BlobStore::close);
  }

  @Nested
  class Appending extends AppendContract {
    @Override
    BlobStore openStore() {
      return openAndRemember();
    }
  }

  @Nested
  class Suspending extends SuspendContract {
    @Override
    BlobStore openStore() {
      return openAndRemember();
    }
  }

  @Nested
  class Committing extends CommitContract {
    @Override
    BlobStore openStore() {
      return openAndRemember();
    }
  }

  @Nested
  class Reading extends ReadContract {
    @Override
    BlobStore openStore() {
      return openAndRemember();
    }

    @Override
    boolean presigns() {
      return BlobStoreContract.this.presigns();
    }
  }

  @Nested
  class Listing extends ListContract {
    @Override
    BlobStore openStore() {
      return openAndRemember();
    }
  }

  @Nested
  class Restoring extends RestoreContract {
    @Override
    BlobStore openStore() {
      return openAndRemember();
    }
  }

  @Nested
  class Journalling extends JournalContract {
    @Override
    BlobStore openStore() {
      return openAndRemember();
    }
  }
}
