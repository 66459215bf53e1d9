package dev.entrepot.cache;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.ChangeStream;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.ContentChange;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import dev.entrepot.task.Jobs;
import dev.entrepot.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Reads, several times a second, what of content was changed by any server, and tells whoever
 * remembers it. Says for how long what is in memory may be believed: an entry is true as of when it
 * was read, or as of the last reading of changes after that.
 *
 * <p>With the embedded database there is no other server, and memory is always true. It is read all
 * the same, to see whether the database answers.
 */
@Singleton
public class ContentFeed implements ContentEvents.Listener {
  private static final Duration PERIOD = Duration.ofMillis(250);

  /** What every server promises: a change is seen by then. */
  private static final Duration PROMISE = Duration.ofSeconds(1);

  private static final Duration KEPT = Duration.ofMinutes(30);
  private static final Duration PRUNE_PAUSE = Duration.ofMinutes(5);
  private static final int PRUNE_BATCH = 10_000;

  private static final String PRUNE =
      """
      DELETE FROM content_change WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM content_change
        WHERE at < now() - ? * interval '1 millisecond' LIMIT ?))
      """;

  private final Database database;
  private final ContentEvents events;
  private final ChangeStream<ContentChange> stream;
  private final boolean alone;
  private final long maxStaleNanos;
  private final PeriodicTasks reader = new PeriodicTasks("content-changes");

  private volatile long readAtNanos = System.nanoTime() - Duration.ofDays(1).toNanos();
  private volatile long trustedSinceNanos = readAtNanos;
  private volatile boolean away;

  public ContentFeed(
      Database database, ContentEvents events, EntrepotConfig config, MeterRegistry metrics) {
    this.database = database;
    this.events = events;
    this.alone = config.database().url().isEmpty();
    this.maxStaleNanos = config.cache().maxStale().toNanos();
    this.stream =
        new ChangeStream<>(
            database,
            "content_change",
            List.of("c.repository", "c.tag", "c.digest"),
            ContentFeed::change,
            PROMISE.multipliedBy(30), // longer than anything was loaded before the first reading
            KEPT);
    TimeGauge.builder("entrepot.content.changes.age", this::ageNanos, TimeUnit.NANOSECONDS)
        .description("Time since the changes that were made to content were read")
        .register(metrics);
  }

  /** Whether something that was read then is still to be believed, and how sure that has to be. */
  public boolean isFresh(long thenNanos, long maxAgeNanos) {
    return thenNanos - trustedSinceNanos > 0 && isYounger(thenNanos, maxAgeNanos);
  }

  /** The same of what changes seldom; while the database is away, also when it is older. */
  public boolean isFresh(long thenNanos) {
    return isFresh(thenNanos, PROMISE.toNanos()) || away && isUsable(thenNanos);
  }

  /** Whether it is better than nothing, when the database cannot be asked. */
  public boolean isUsable(long thenNanos) {
    return isYounger(thenNanos, maxStaleNanos);
  }

  private boolean isYounger(long thenNanos, long ageNanos) {
    return alone || Math.min(System.nanoTime() - thenNanos, ageNanos()) < ageNanos;
  }

  /**
   * What was read before has to be read again, now that a commit's outcome is unknown. It is not
   * forgotten: the same loss of the database may be why it is all that can be answered.
   */
  @Override
  public void on(ContentEvent event) {
    if (event instanceof ContentEvent.OutcomeUnknown) {
      trustedSinceNanos = System.nanoTime();
    }
  }

  /** Whether the database could not be asked lately, and trying again is the reader's business. */
  public boolean isAway() {
    return away;
  }

  /** Whether the database has answered lately. */
  public boolean isReading(Duration lately) {
    return !away && ageNanos() < lately.toNanos();
  }

  void start(@Observes StartupEvent event, Jobs jobs) {
    reader.runNowAndEvery(PERIOD, "reading changes of content", this::read);
    jobs.every("content-changes", PRUNE_PAUSE, run -> prune());
  }

  void stop(@Observes ShutdownEvent event) {
    close();
  }

  void close() {
    reader.close();
    stream.close();
  }

  /** Reads what is there to be read now. */
  void read() {
    long begin = System.nanoTime();
    ChangeStream.Reading<ContentChange> reading;
    try {
      reading = stream.read();
    } catch (RuntimeException e) {
      away = true;
      throw e;
    }
    if (reading.complete()) {
      reading.changes().forEach(change -> events.publish(new ContentEvent.Outdated(change)));
    } else {
      events.publish(new ContentEvent.OutcomeUnknown());
    }
    readAtNanos = begin;
    away = false;
  }

  private long ageNanos() {
    return System.nanoTime() - readAtNanos;
  }

  private static ContentChange change(ResultSet row) throws SQLException {
    RepositoryName repository = new RepositoryName(row.getString(1));
    if (row.getString(2) != null) {
      return new ContentChange.OfTag(repository, new TagName(row.getString(2)));
    }
    byte[] digest = row.getBytes(3);
    return digest == null
        ? new ContentChange.OfRepository(repository)
        : new ContentChange.OfDigest(repository, Digest.fromBytes(digest));
  }

  /** Drops what every server has read. */
  void prune() {
    int dropped;
    do {
      dropped =
          database.read(connection -> Sql.update(connection, PRUNE, KEPT.toMillis(), PRUNE_BATCH));
    } while (dropped == PRUNE_BATCH);
  }
}
