package dev.entrepot.cleanup;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.crash.Api;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that push images of the same few blobs, look at them, and delete their tags again. They
 * go on until they are stopped, or one finds that something is not as it was acknowledged.
 */
final class RacingClients implements AutoCloseable {
  /** So many digests there are in all. */
  static final int DIGESTS = 300;

  private static final int CLIENTS = 8;
  private static final int IMAGES_EACH = 2;
  private static final String HERE = "race/here";
  private static final String ELSEWHERE = "race/elsewhere";
  private static final long PAUSE_NANOS = 5_000_000;

  private final Api api;
  private final List<Thread> threads = new ArrayList<>();
  private final Collection<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong compared = new AtomicLong();
  private final AtomicLong missing = new AtomicLong();
  private final AtomicLong later = new AtomicLong();
  private volatile boolean running;

  RacingClients(URI url) {
    this.api = new Api(url);
  }

  /** An image that was acknowledged under its tag. */
  private record Pushed(String tag, Manifest manifest, List<Blob> blobs) {}

  /** Something is not as it was acknowledged. */
  private static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost(String what) {
      super(what);
    }
  }

  void start() {
    running = true;
    for (int client = 0; client < CLIENTS; client++) {
      int number = client;
      threads.add(Thread.ofVirtual().start(() -> work(number)));
    }
  }

  /** Waits until all clients have deleted their tags. */
  void stop() {
    running = false;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Collection<String> faults() {
    return faults;
  }

  private void work(int client) {
    SplittableRandom random = new SplittableRandom();
    try {
      while (running && faults.isEmpty()) {
        List<Pushed> mine = new ArrayList<>();
        for (int number = 0; number < IMAGES_EACH; number++) {
          mine.add(push("t" + client + "-" + number, random));
          mine.forEach(this::compare);
        }
        for (Pushed image : mine) {
          compare(image);
          expect(
              202,
              sent(() -> api.delete("/v2/" + HERE + "/manifests/" + image.tag())),
              "deletion of " + image);
        }
      }
    } catch (RuntimeException e) {
      faults.add(e.toString());
    }
  }

  /** Asks for each blob, brings it where it is missing, and begins again if need be. */
  private Pushed push(String tag, SplittableRandom random) {
    Blob config = Blob.of("{\"config\":" + random.nextInt(DIGESTS / 2) + "}");
    Blob layer = Blob.of("layer " + random.nextInt(DIGESTS / 2));
    Manifest manifest =
        Manifest.image()
            .config(config, MediaTypes.OCI_CONFIG)
            .noLayers()
            .layer(layer, MediaTypes.OCI_LAYER_GZIP)
            .annotation("dev.entrepot.test", "race") // the same bytes whoever pushes them
            .build();
    List<Blob> blobs = List.of(config, layer);
    while (true) {
      for (Blob blob : blobs) {
        bring(blob, random);
      }
      Api.Answer answer =
          sent(
              () ->
                  api.put(
                      "/v2/" + HERE + "/manifests/" + tag, manifest.mediaType(), manifest.bytes()));
      if (answer.status() == 201) {
        acknowledged.incrementAndGet();
        return new Pushed(tag, manifest, blobs);
      }
      if (!text(answer).contains("MANIFEST_BLOB_UNKNOWN")) {
        throw new Lost("push of " + tag + ": " + answer.status() + " " + text(answer));
      }
      missing.incrementAndGet();
    }
  }

  private void bring(Blob blob, SplittableRandom random) {
    if (random.nextInt(8) == 0) { // something to mount later
      upload(ELSEWHERE, blob, sent(() -> api.post(uploads(ELSEWHERE), new byte[0])));
    }
    if (sent(() -> api.head("/v2/" + HERE + "/blobs/" + blob.digest())).status() == 200) {
      return;
    }
    String mount = uploads(HERE) + "?mount=" + blob.digest() + "&from=" + ELSEWHERE;
    Api.Answer answer = sent(() -> api.post(mount, new byte[0]));
    if (answer.status() != 201) {
      upload(HERE, blob, answer);
    }
  }

  private void upload(String repository, Blob blob, Api.Answer started) {
    expect(202, started, "start of an upload to " + repository);
    String location = started.location();
    String closing = Repository.closing(location, blob.digest());
    expect(
        201,
        sent(() -> api.put(closing, MediaTypes.OCTET_STREAM, blob.bytes())),
        "upload of " + blob.digest());
  }

  private void compare(Pushed image) {
    String path = "/v2/" + HERE;
    for (String reference : List.of(image.tag(), image.manifest().digest())) {
      compare(path + "/manifests/" + reference, image.manifest().content());
    }
    image.blobs().forEach(blob -> compare(path + "/blobs/" + blob.digest(), blob));
    compared.incrementAndGet();
  }

  private void compare(String path, Blob wanted) {
    Api.Answer answer = sent(() -> api.get(path));
    expect(200, answer, path);
    if (!Arrays.equals(wanted.bytes(), answer.body())) {
      throw new Lost(path + " has other bytes");
    }
  }

  private interface Request {
    Api.Answer send();
  }

  /** Sent again as long as the server says that it cannot just now. */
  private Api.Answer sent(Request request) {
    Api.Answer answer = request.send();
    while (answer.status() == 503) {
      later.incrementAndGet();
      LockSupport.parkNanos(PAUSE_NANOS);
      answer = request.send();
    }
    return answer;
  }

  private static void expect(int status, Api.Answer answer, String what) {
    if (answer.status() != status) {
      throw new Lost(what + ": " + answer.status() + " " + text(answer));
    }
  }

  private static String text(Api.Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String uploads(String repository) {
    return "/v2/" + repository + "/blobs/uploads/";
  }

  @Override
  public String toString() {
    return "%d acknowledged, %d comparisons of images, %d told of a missing blob, %d told to wait"
        .formatted(acknowledged.get(), compared.get(), missing.get(), later.get());
  }

  @Override
  public void close() {
    stop();
    api.close();
  }
}
