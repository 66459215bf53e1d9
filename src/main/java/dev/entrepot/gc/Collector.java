package dev.entrepot.gc;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.task.Jobs;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the steps one after the other, in small batches, again and again. */
@Singleton
class Collector {
  private final Jobs jobs;
  private final GcMetrics metrics;
  private final List<Step> steps;
  private final Step orphans;
  private final Duration interval;
  private final Duration storeInterval;
  private final Duration pause;

  Collector(
      Jobs jobs,
      GcMetrics metrics,
      Trash trash,
      DeletedRepositories repositories,
      Manifests manifests,
      Links links,
      Blobs blobs,
      RottenBytes rotten,
      EmptyRepositories empty,
      Orphans orphans,
      EntrepotConfig config) {
    this.jobs = jobs;
    this.metrics = metrics;
    // What a step takes away is what the next one then finds unneeded.
    this.steps = List.of(trash, repositories, manifests, links, blobs, rotten, empty);
    this.orphans = orphans;
    this.interval = config.gc().interval();
    this.storeInterval = config.upload().expiry();
    this.pause = config.gc().pause();
  }

  void start(@Observes StartupEvent event) {
    jobs.every("clean-up", interval, run -> run(steps, run));
    jobs.every("clean-up of the store", storeInterval, run -> run(List.of(orphans), run));
  }

  /** Goes on from where it was left, to the end. Progress is {@code <step> <cursor>}. */
  private void run(List<Step> all, Jobs.JobRun run) {
    String[] left = run.progress().orElse("").split(" ", 2);
    int first = 0;
    while (first < all.size() && !all.get(first).name().equals(left[0])) {
      first++;
    }
    String cursor = first < all.size() && left.length == 2 ? left[1] : null;
    for (Step step : all.subList(first % all.size(), all.size())) {
      do {
        String from = cursor;
        cursor = metrics.time(step, () -> step.batch(from));
        if (cursor != null) {
          run.save(step.name() + " " + cursor);
        }
        if (run.isStopping() || !paused()) {
          return;
        }
      } while (cursor != null);
    }
    run.save(null);
  }

  /** Everything once, from the beginning: for tests. */
  void runOnce() {
    for (Step step : steps) {
      @Nullable String cursor = null;
      do {
        cursor = step.batch(cursor);
      } while (cursor != null);
    }
  }

  private boolean paused() {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
