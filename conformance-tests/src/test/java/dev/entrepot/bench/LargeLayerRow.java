package dev.entrepot.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;

/** One layer of 10 GB goes in and comes out; the server's memory must not grow with it. */
final class LargeLayerRow implements Row {
  private static final int BLOCK = 1_000_000;
  private static final String REPOSITORY = "bench/large";

  /** The body is made on the fly: the same block again and again, each time with its number. */
  private final byte[] block = Content.random(BLOCK, 10);

  @Override
  public String id() {
    return "large-layer";
  }

  @Override
  public String title() {
    return "10 GB layer pushed (PATCH, PUT) and pulled, -Xmx512m";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    if (session.options().quick() && session.options().rows().isEmpty()) {
      throw new Skipped("left out of quick runs");
    }
    if (!session.options().wantsServer("entrepot")) {
      throw new Skipped("a row of entrepot alone");
    }
    int blocks = session.options().scaled(10_000, 1_000);
    if (session.directory().toFile().getUsableSpace() < 1.5 * blocks * BLOCK) {
      throw new Skipped("the disk has too little room");
    }
    String digest = digest(blocks);
    Server server = session.own(new Entrepot(session.directory().resolve("large-layer")));
    server.start();
    try (HttpConnection connection = new HttpConnection(server.port())) {
      double before = server.tree().cpuSeconds();
      result.add("entrepot", Metric.PUSH_SECONDS, push(connection, blocks, digest));
      double between = server.tree().cpuSeconds();
      result.add("entrepot", Metric.PULL_SECONDS, pull(connection, blocks, digest));
      double after = server.tree().cpuSeconds();
      double gigabytes = (double) blocks * BLOCK / 1e9;
      result.add("entrepot", Metric.CPU_PER_GB, (between - before) / gigabytes);
      result.note(
          "%.0f GB; pulled bytes compared; CPU is the push's, the pull took %.3f s/GB"
              .formatted(gigabytes, (after - between) / gigabytes));
    }
    double peak = server.peakMib();
    result.add("entrepot", Metric.PEAK_MIB, peak);
    session.release(server);
    result.target(Target.atMost("peak resident memory of the JVM", 900, peak, "MiB"));
  }

  private void number(int index) {
    ByteBuffer.wrap(block).putInt(index);
  }

  private String digest(int blocks) {
    MessageDigest hash = Content.sha256();
    for (int index = 0; index < blocks; index++) {
      number(index);
      hash.update(block);
    }
    return Content.digestOf(hash.digest());
  }

  private double push(HttpConnection connection, int blocks, String digest) throws IOException {
    long begin = System.nanoTime();
    Pusher pusher = new Pusher(connection, REPOSITORY);
    String location = pusher.startUpload();
    connection.start(
        "PATCH",
        location,
        Map.of("Content-Type", "application/octet-stream"),
        (long) blocks * BLOCK);
    for (int index = 0; index < blocks; index++) {
      number(index);
      connection.write(ByteBuffer.wrap(block));
    }
    String next = connection.response("PATCH").expect(202).location();
    connection.send("PUT", Pusher.closing(next, digest), Map.of()).expect(201);
    return (System.nanoTime() - begin) / 1e9;
  }

  private double pull(HttpConnection connection, int blocks, String digest) throws IOException {
    long begin = System.nanoTime();
    connection.start("GET", "/v2/" + REPOSITORY + "/blobs/" + digest, Map.of(), 0);
    long[] received = {0};
    connection
        .response("GET", (buffer, offset, length) -> compare(buffer, offset, length, received))
        .expect(200);
    if (received[0] != (long) blocks * BLOCK) {
      throw new IllegalStateException("the pull gave %,d bytes".formatted(received[0]));
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private void compare(byte[] buffer, int offset, int length, long[] received) {
    for (int done = 0; done < length; ) {
      int within = (int) (received[0] % BLOCK);
      number((int) (received[0] / BLOCK));
      int count = Math.min(length - done, BLOCK - within);
      int start = offset + done;
      if (!Arrays.equals(buffer, start, start + count, block, within, within + count)) {
        throw new IllegalStateException("other bytes came back than were pushed");
      }
      done += count;
      received[0] += count;
    }
  }
}
