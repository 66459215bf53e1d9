package dev.entrepot.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that push new images of one 1 MB layer, each over one connection, for some time. */
final class PushLoad {
  private static final int LAYER = 1_000_000;
  private static final int CONFIG = 500;

  /**
   * What the clients measured.
   *
   * @param millis the time of every push: five requests
   */
  record Result(double[] millis, double seconds) {
    double imagesPerSecond() {
      return millis.length / seconds;
    }
  }

  private PushLoad() {}

  /**
   * Pushes for some time.
   *
   * @param intervalMillis the least time between the starts of one client's pushes; 0 for none
   */
  static Result run(Server server, int clients, double seconds, int intervalMillis)
      throws Exception {
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    List<Callable<List<Double>>> tasks = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      String repository = "bench/push-" + client;
      tasks.add(() -> client(server, repository, end, intervalMillis));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Double> all = new ArrayList<>();
      for (Future<List<Double>> future : threads.invokeAll(tasks)) {
        all.addAll(future.get());
      }
      double took = (System.nanoTime() - begin) / 1e9;
      return new Result(all.stream().mapToDouble(Double::doubleValue).toArray(), took);
    }
  }

  private static List<Double> client(Server server, String repository, long end, int intervalMillis)
      throws IOException, InterruptedException {
    Content.Renewable layer = new Content.Renewable(LAYER);
    List<Double> millis = new ArrayList<>();
    try (HttpConnection connection = new HttpConnection(server.port())) {
      Pusher pusher = new Pusher(connection, repository);
      while (System.nanoTime() < end) {
        long start = System.nanoTime();
        String digest = push(pusher, layer);
        double took = (System.nanoTime() - start) / 1e6;
        millis.add(took);
        server.blobFile(digest).ifPresent(PageCache::drop);
        if (took < intervalMillis) {
          Thread.sleep((long) (intervalMillis - took));
        }
      }
    }
    return millis;
  }

  private static String push(Pusher pusher, Content.Renewable layer) throws IOException {
    String layerDigest = layer.renew();
    pusher.blob(layer.bytes(), layerDigest);
    byte[] config = Content.config(layerDigest, CONFIG);
    String configDigest = pusher.blob(config);
    byte[] manifest = Content.manifest(configDigest, config.length, layerDigest, LAYER);
    pusher.manifest("v" + layerDigest.substring(7, 27), manifest);
    return layerDigest;
  }
}
