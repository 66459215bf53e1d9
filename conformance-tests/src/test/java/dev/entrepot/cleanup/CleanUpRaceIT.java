package dev.entrepot.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.crash.Api;
import dev.entrepot.storage.testkit.s3.Fault;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.Injection;
import dev.entrepot.storage.testkit.s3.S3Operation;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server without any grace or trash, whose clean-up never rests, beside clients that push the
 * very digests that it is taking away. Whatever image was acknowledged is there, byte for byte,
 * until its owner deletes it.
 */
@OwnServer
@Timeout(1200)
class CleanUpRaceIT {
  private static final Duration TIME = LongRuns.of(Duration.ofSeconds(8), Duration.ofMinutes(4));
  private static final int ENOUGH = LongRuns.of(20, 1000);
  private static final int ENOUGH_AGAIN = LongRuns.of(0, 1000);

  @Test
  void whatIsAcknowledgedStaysOnAFileSystem() {
    try (RegistryServer server = restless().start()) {
      race("file system", server);
    }
  }

  /** Two deletions of three come late, or their answers never. */
  @Test
  void whatIsAcknowledgedStaysInAnObjectStore() {
    try (S3Server store = ObjectStores.versitygw();
        FaultProxy proxy = FaultProxy.to(store.endpoint())) {
      for (int millis : new int[] {5, 50, 500}) {
        harmDeletions(proxy, new Fault.Late(Duration.ofMillis(millis)));
      }
      harmDeletions(proxy, new Fault.DropAnswer());
      RegistryServer.Builder builder =
          ObjectStores.s3(restless(), proxy.endpoint())
              // What is in doubt is left to the next round, which comes at once.
              .environment("ENTREPOT_STORAGE_S3_TRANSFER_MAX_ATTEMPTS", "1");
      try (RegistryServer server = builder.start()) {
        race("versitygw", server);
        proxy.heal();
      }
    }
  }

  private static void harmDeletions(FaultProxy proxy, Fault fault) {
    proxy.inject(
        Injection.of(
            fault,
            request ->
                S3Operation.DELETE_OBJECT.test(request)
                    && ThreadLocalRandom.current().nextInt(4) == 0));
  }

  private static RegistryServer.Builder restless() {
    return RegistryServer.builder()
        .environment("ENTREPOT_GC_GRACE", "0s")
        .environment("ENTREPOT_GC_UNTAGGED_AGE", "0s")
        .environment("ENTREPOT_GC_INTERVAL", "10ms")
        .environment("ENTREPOT_GC_PAUSE", "0s")
        .environment("ENTREPOT_TRASH_KEEP", "0s");
  }

  private static void race(String store, RegistryServer server) {
    long begin = System.nanoTime();
    try (RacingClients clients = new RacingClients(server.url());
        Api api = new Api(server.url())) {
      clients.start();
      try {
        await()
            .atMost(TIME.multipliedBy(2).plus(Duration.ofMinutes(1)))
            .pollInterval(Duration.ofMillis(500))
            .until(
                () ->
                    !clients.faults().isEmpty()
                        || (System.nanoTime() - begin > TIME.toNanos()
                            && Counts.of(api).isEnough()));
      } finally {
        clients.stop();
        System.out.printf("clean-up race, %s: %s, %s%n", store, clients, Counts.of(api));
      }
      assertThat(clients.faults()).isEmpty();
      // What nobody needs any more goes, and with it repositories from the list.
      await()
          .untilAsserted(
              () ->
                  assertThat(new String(api.get("/v2/_catalog").body(), StandardCharsets.UTF_8))
                      .isEqualToIgnoringWhitespace("{\"repositories\":[]}"));
    }
  }

  /**
   * What the server has counted.
   *
   * @param recreated at least: each digest was made a first time once, and again as often as its
   *     bytes were deleted in between
   */
  private record Counts(long revived, long unlinked, long deleted, long recreated) {
    static Counts of(Api api) {
      String metrics = new String(api.get("/q/metrics").body(), StandardCharsets.UTF_8);
      long deleted = sum(metrics, "entrepot_gc_deleted_total{what=\"bytes\"}");
      return new Counts(
          sum(metrics, "entrepot_gc_revived_total"),
          sum(metrics, "entrepot_gc_deleted_total{what=\"blob\"}"),
          deleted,
          Math.max(0, deleted - RacingClients.DIGESTS));
    }

    private static long sum(String metrics, String name) {
      return metrics
          .lines()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }

    boolean isEnough() {
      return revived >= ENOUGH && deleted >= ENOUGH && recreated >= ENOUGH_AGAIN;
    }
  }
}
