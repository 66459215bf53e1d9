package dev.entrepot.blob;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what clean-up had condemned, and somebody relies on again. */
@Singleton
public class Revivals {
  private final Counter links;
  private final Counter manifests;

  public Revivals(MeterRegistry metrics) {
    this.links = counter(metrics, "blob");
    this.manifests = counter(metrics, "manifest");
  }

  private static Counter counter(MeterRegistry metrics, String what) {
    return Counter.builder("entrepot.gc.revived")
        .description("Condemned blobs and manifests of repositories that were needed again")
        .tag("what", what)
        .register(metrics);
  }

  /** Blobs of a repository. */
  public void links(int count) {
    links.increment(count);
  }

  /** Manifests. */
  public void manifests(int count) {
    manifests.increment(count);
  }
}
