package dev.entrepot.gc;

import dev.entrepot.blob.Revivals;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.tag.ContentCore;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clean-up of a content core, without a job around it. */
final class Collection {
  final ContentCore core;
  final Trash trash;
  final DeletedRepositories repositories;
  final Manifests manifests;
  final Links links;
  final Blobs blobs;
  final RottenBytes rotten;
  final EmptyRepositories empty;
  final Orphans orphans;

  Collection(ContentCore core, BlobStore store, EntrepotConfig config) {
    GcMetrics metrics = new GcMetrics(core.metrics);
    Revivals revivals = new Revivals(core.metrics);
    ContentEvents events = new ContentEvents(List.of(core.events::add));
    this.core = core;
    this.trash = new Trash(core.database, metrics, config);
    this.repositories = new DeletedRepositories(core.database, metrics, config);
    this.manifests =
        new Manifests(core.database, core.manifests, events, revivals, metrics, config);
    this.links = new Links(core.database, core.usage, events, revivals, metrics, config);
    this.blobs = new Blobs(core.database, store, metrics, config);
    this.rotten = new RottenBytes(core.database, store, metrics, config);
    this.empty = new EmptyRepositories(core.database, config);
    this.orphans = new Orphans(core.database, store, metrics, config);
  }

  /** All steps once, from the beginning to the end. */
  void run() {
    for (Step step : List.of(trash, repositories, manifests, links, blobs, rotten, empty)) {
      @Nullable String cursor = null;
      do {
        cursor = step.batch(cursor);
      } while (cursor != null);
    }
  }

  /** All that a metric has counted of something. */
  static double counted(ContentCore core, String metric, String what) {
    return core.metrics.find(metric).tag("what", what).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }
}
