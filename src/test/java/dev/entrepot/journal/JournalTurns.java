package dev.entrepot.journal;

import dev.entrepot.database.Database;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StoreJournal;
import dev.entrepot.task.Jobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Turns of the job, for tests of other packages. */
public final class JournalTurns {
  private JournalTurns() {}

  /** One that writes what has changed. */
  public static void run(Database database, BlobStore store, Jobs.JobRun turn) {
    job(database, store.journal()).run(turn);
  }

  /** One that stands still for a while between reading rows and writing what it has read. */
  public static void runLate(
      Database database, BlobStore store, Jobs.JobRun turn, Runnable meanwhile) {
    var first = new AtomicBoolean(true);
    StoreJournal journal = store.journal();
    StoreJournal late =
        (StoreJournal)
            Proxy.newProxyInstance(
                StoreJournal.class.getClassLoader(),
                new Class<?>[] {StoreJournal.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("put") && first.getAndSet(false)) {
                    meanwhile.run();
                  }
                  return method.invoke(journal, arguments);
                });
    job(database, late).run(turn);
  }

  public static String hash(RepositoryName repository) {
    return StateName.hash(repository);
  }

  private static JournalJob job(Database database, StoreJournal store) {
    return new JournalJob(null, database, store, Duration.ofMinutes(1), new SimpleMeterRegistry());
  }
}
