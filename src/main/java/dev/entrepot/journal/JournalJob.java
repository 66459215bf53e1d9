package dev.entrepot.journal;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.JournalName;
import dev.entrepot.storage.StoreJournal;
import dev.entrepot.task.Jobs;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps in the store what each repository holds: first of all of them, then again of those that
 * have changed. The older state is deleted when the newer one is there.
 */
@Singleton
class JournalJob {
  private static final int PAGE = 100;
  private static final int CHANGES = 10_000;

  private final Jobs jobs;
  private final JournalRows rows;
  private final StoreJournal store;
  private final Journal journal;
  private final Duration pause;
  private final MeterRegistry metrics;

  @Inject
  JournalJob(
      Jobs jobs, Database database, BlobStore store, EntrepotConfig config, MeterRegistry metrics) {
    this(jobs, database, store.journal(), config.journal().pause(), metrics);
  }

  JournalJob(
      Jobs jobs, Database database, StoreJournal store, Duration pause, MeterRegistry metrics) {
    this.jobs = jobs;
    this.rows = new JournalRows(database);
    this.store = store;
    this.journal = new Journal(store);
    this.pause = pause;
    this.metrics = metrics;
  }

  void start(@Observes StartupEvent event) {
    if (pause.isPositive()) {
      jobs.every(Journal.JOB, pause, this::run);
    }
  }

  /** Goes on where a turn before has stopped, to what has changed by now. */
  void run(Jobs.JobRun turn) {
    // Asked before anything is read, so that what changes meanwhile comes after it.
    Position now = rows.settled();
    Cursor cursor =
        turn.progress()
            .flatMap(Cursor::tryParse)
            .filter(last -> last.repository() != null || journal.isComplete())
            .orElseGet(() -> new Cursor(now, 0L));
    if (cursor.repository() == null || writeAll(turn, cursor)) {
      writeChanged(turn, cursor.position(), now);
    }
  }

  /** False when it was stopped before all were written. */
  private boolean writeAll(Jobs.JobRun turn, Cursor cursor) {
    long last = Objects.requireNonNull(cursor.repository());
    List<JournalRows.Repository> page;
    do {
      page = rows.list(last, PAGE);
      for (JournalRows.Repository repository : page) {
        if (turn.isStopping()) {
          return false;
        }
        write(turn, repository.name());
        last = repository.id();
      }
      turn.save(new Cursor(cursor.position(), last).toString());
    } while (page.size() == PAGE);
    journal.setComplete();
    turn.save(new Cursor(cursor.position(), null).toString());
    return true;
  }

  private void writeChanged(Jobs.JobRun turn, Position after, Position now) {
    Position at = after;
    List<JournalRows.Change> changes;
    do {
      changes = rows.listChanged(at, now, CHANGES);
      Set<String> names = new TreeSet<>();
      changes.forEach(change -> names.add(change.repository()));
      for (String name : names) {
        if (turn.isStopping()) {
          return;
        }
        write(turn, name);
      }
      at = changes.size() == CHANGES ? changes.getLast().at() : now;
      turn.save(new Cursor(at, null).toString());
    } while (changes.size() == CHANGES);
  }

  private void write(Jobs.JobRun turn, String repository) {
    RepositoryName.tryParse(repository).ifPresent(name -> write(turn, name));
  }

  private void write(Jobs.JobRun turn, RepositoryName name) {
    String hash = StateName.hash(name);
    // Listed before the rows are read: no state that is there by now is newer than them.
    List<JournalName> before = journal.list(hash);
    long version =
        1
            + before.stream()
                .flatMap(each -> StateName.of(each).stream())
                .mapToLong(StateName::version)
                .max()
                .orElse(0);
    StateName state = new StateName(hash, version, turn.fence());
    Optional<Long> bytes = rows.write(name, () -> new StateWriter(store, state, name));
    before.forEach(store::delete);
    if (bytes.isPresent()) {
      metrics.counter("entrepot.journal.repositories").increment();
      metrics.counter("entrepot.journal.bytes").increment(bytes.get());
    }
  }
}
