package dev.entrepot.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** 500 clients upload at a crawl while one pushes as usual and must hardly notice. */
final class SlowUploadsRow implements Row {
  private static final int UPLOADS = 500;
  private static final int BYTES_PER_SECOND = 10_000;
  private static final int WRITES_PER_SECOND = 4;
  private static final int PUSH_INTERVAL_MILLIS = 50;

  @Override
  public String id() {
    return "slow-uploads";
  }

  @Override
  public String title() {
    return "A push every 50 ms beside 500 uploads of 10 kB/s";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    if (!session.options().wantsServer("entrepot")) {
      throw new Skipped("a row of entrepot alone");
    }
    Options options = session.options();
    int seconds = options.scaled(120, 20);
    Server server = session.own(new Entrepot(session.directory().resolve("slow-uploads")));
    server.start();
    PushLoad.run(server, 4, options.scaled(10, 4), 0);
    ProcessTree.resetPeak(server.main());
    record(result, "alone", PushLoad.run(server, 1, options.scaled(60, 10), PUSH_INTERVAL_MILLIS));
    Content.Renewable content = new Content.Renewable(seconds * BYTES_PER_SECOND);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> uploads = new ArrayList<>();
      for (int upload = 0; upload < UPLOADS; upload++) {
        uploads.add(threads.submit(() -> upload(server, content)));
      }
      record(result, "beside", PushLoad.run(server, 1, seconds, PUSH_INTERVAL_MILLIS));
      for (Future<?> upload : uploads) {
        upload.get();
      }
    }
    double peak = server.peakMib();
    result.add("entrepot beside the uploads", Metric.PEAK_MIB, peak);
    result.note("%d uploads of %d s, all complete in the end".formatted(UPLOADS, seconds));
    session.release(server);
    result.target(
        Target.ratioAtMost(
            "p99 of a push beside the uploads",
            2,
            result.ratio("entrepot beside the uploads", "entrepot alone", Metric.P99_MS)));
    result.target(Target.atMost("peak resident memory of the JVM", 900, peak, "MiB"));
  }

  private static void record(RowResult result, String when, PushLoad.Result pushes) {
    String subject = "entrepot " + (when.equals("alone") ? when : "beside the uploads");
    result.add(subject, Metric.P50_MS, Stats.percentile(pushes.millis(), 50));
    result.add(subject, Metric.P99_MS, Stats.percentile(pushes.millis(), 99));
  }

  private static Void upload(Server server, Content.Renewable content) throws Exception {
    byte[] bytes = content.bytes();
    byte[] tail = Content.Renewable.freshTail();
    String digest = content.digestWith(tail);
    int step = BYTES_PER_SECOND / WRITES_PER_SECOND;
    // so that the writes of all spread over time
    Thread.sleep(ThreadLocalRandom.current().nextInt(1000));
    try (HttpConnection connection = new HttpConnection(server.port())) {
      String location = new Pusher(connection, "bench/slow").startUpload();
      connection.start(
          "PATCH", location, Map.of("Content-Type", "application/octet-stream"), bytes.length);
      int end = bytes.length - tail.length;
      for (int sent = 0; sent < end; sent += step) {
        connection.write(ByteBuffer.wrap(bytes, sent, Math.min(step, end - sent)));
        Thread.sleep(1000 / WRITES_PER_SECOND);
      }
      connection.write(ByteBuffer.wrap(tail));
      String next = connection.response("PATCH").expect(202).location();
      connection.send("PUT", Pusher.closing(next, digest), Map.of()).expect(201);
    }
    return null;
  }
}
