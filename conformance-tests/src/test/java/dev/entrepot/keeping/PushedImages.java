package dev.entrepot.keeping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import io.restassured.response.Response;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Images that were pushed and acknowledged. Safe for use by many threads. */
final class PushedImages {
  private static final int LAYER = 100_000;

  /** An image under a tag of its own. */
  record Pushed(String repository, String tag, Image image) {}

  private final String namespace;
  private final AtomicInteger count = new AtomicInteger();
  private final Collection<Pushed> pushed = new ConcurrentLinkedQueue<>();

  /**
   * @param namespace of the repositories, which nobody else pushes to
   */
  PushedImages(String namespace) {
    this.namespace = namespace;
  }

  /** Pushes one more, and returns once it is acknowledged. */
  void push(Registry registry) {
    int number = count.incrementAndGet();
    Pushed next = new Pushed(namespace + "/app" + number % 5, "v" + number, Image.random(2, LAYER));
    registry.repository(next.repository()).push(next.image(), next.tag());
    pushed.add(next);
  }

  int size() {
    return pushed.size();
  }

  /** All of them are there. */
  void assertAllPull(Registry registry) {
    for (Pushed each : pushed) {
      assertThat(isThere(registry, each)).as(each.repository() + ":" + each.tag()).isTrue();
    }
  }

  /** Each of them is there as a whole, or not at all; how many are. */
  int assertWholeOrAbsent(Registry registry) {
    return (int) pushed.stream().filter(each -> isThere(registry, each)).count();
  }

  private static boolean isThere(Registry registry, Pushed each) {
    Repository repository = registry.repository(each.repository());
    Response manifest =
        repository
            .request()
            .accept(each.image().manifest().mediaType())
            .get(repository.manifest(each.tag()));
    if (manifest.statusCode() == 404) {
      return false;
    }
    assertThat(manifest.asByteArray()).isEqualTo(each.image().manifest().bytes());
    Pulls.assertPulls(repository, each.image().config());
    each.image().layers().forEach(layer -> Pulls.assertPulls(repository, layer));
    return true;
  }
}
