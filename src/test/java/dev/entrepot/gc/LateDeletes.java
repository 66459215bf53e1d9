package dev.entrepot.gc;

import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lets most deletions happen a little later, after whoever asked was told that it is unknown. */
final class LateDeletes {
  private static final int MAX_DELAY_MILLIS = 50;

  private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
  private final BlobStore store;

  LateDeletes(BlobStore store) {
    this.store = store;
  }

  BlobStore store() {
    return (BlobStore)
        Proxy.newProxyInstance(
            LateDeletes.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (self, method, arguments) -> call(method, arguments));
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals("delete") && ThreadLocalRandom.current().nextInt(3) > 0) {
      StorageKey key = (StorageKey) arguments[0];
      int delay = ThreadLocalRandom.current().nextInt(MAX_DELAY_MILLIS);
      later.schedule(() -> store.delete(key), delay, TimeUnit.MILLISECONDS);
      throw new StorageException.OutcomeUnknown("no answer to the deletion of " + key, null);
    }
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  void now(StorageKey key) {
    store.delete(key);
  }

  /** Waits for all deletions. */
  void finish() {
    later.shutdown();
    try {
      if (!later.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new AssertionError("deletions do not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
