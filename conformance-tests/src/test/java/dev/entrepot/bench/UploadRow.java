package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code curl} uploads a new 100 MB blob, in one PUT and as Docker does: PATCH, then PUT. */
final class UploadRow implements Row {
  private static final int SIZE = 100_000_000;
  private static final int WARM_UP_SIZE = 10_000_000;
  private static final String PATH = "/v2/bench/upload/blobs/uploads/";

  /** What curl measured of one request. */
  private record Sent(int status, double seconds, String location) {}

  @Override
  public String id() {
    return "upload";
  }

  @Override
  public String title() {
    return "PUT 100 MB blob, durable";
  }

  @Override
  public void measure(Session session, RowResult result) throws Exception {
    Options options = session.options();
    List<Server> servers = session.servers(result, "entrepot", "distribution");
    try (Body body = new Body(WARM_UP_SIZE, session.directory())) {
      for (Server server : servers) {
        long end = System.nanoTime() + options.scaled(10, 4) * 1_000_000_000L;
        for (boolean patch = false; System.nanoTime() < end; patch = !patch) {
          body.upload(server, patch);
        }
      }
    }
    try (Body body = new Body(SIZE, session.directory())) {
      for (Server server : servers) {
        body.upload(server, false);
      }
      for (int run = 0; run < options.runs(); run++) {
        for (boolean patch : new boolean[] {false, true}) {
          for (Server server : servers) {
            String subject = server.name() + (patch ? " PATCH+PUT" : "");
            double before = server.tree().cpuSeconds();
            result.add(subject, Metric.SECONDS, body.upload(server, patch));
            double cpu = server.tree().cpuSeconds() - before;
            result.add(subject, Metric.CPU_PER_GB, cpu / (SIZE / 1e9));
          }
        }
      }
    }
    for (Server server : servers) {
      result.add(server.name(), Metric.PEAK_MIB, server.peakMib());
    }
    target(result, "time beside distribution", "");
    target(result, "time beside distribution, PATCH and PUT", " PATCH+PUT");
  }

  private static void target(RowResult result, String what, String way) {
    double ratio = result.ratio("entrepot" + way, "distribution" + way, Metric.SECONDS);
    result.target(Target.ratioAtMost(what, 0.5, ratio));
  }

  /** A file to upload, whose content is a new one each time. */
  private static final class Body implements AutoCloseable {
    private final Content.Renewable content;
    private final Path file;
    private final Map<Server, String> uploaded = new HashMap<>();

    Body(int size, Path directory) throws IOException {
      content = new Content.Renewable(size);
      // in memory where possible, so that reading it does not compete for the disk
      Path shm = Path.of("/dev/shm");
      Path parent = Files.isWritable(shm) ? shm : directory;
      file = Files.createTempFile(parent, "entrepot-bench-", ".blob");
      Files.write(file, content.bytes());
    }

    /** Uploads new content and gives the seconds that the requests took together. */
    double upload(Server server, boolean patch) throws IOException {
      String digest = content.renew(file);
      String last = uploaded.put(server, digest);
      if (last != null) {
        server.blobFile(last).ifPresent(PageCache::drop);
      }
      Sent post = curl(202, "-X", "POST", server.url() + PATH);
      return post.seconds + (patch ? patchAndPut(server, post, digest) : put(server, post, digest));
    }

    private double put(Server server, Sent post, String digest) {
      String url = server.url() + Pusher.closing(post.location, digest);
      return curl(201, "-T", file.toString(), url).seconds;
    }

    /** In chunked encoding, as Docker does. */
    private double patchAndPut(Server server, Sent post, String digest) {
      String chunked = "Transfer-Encoding: chunked";
      String url = server.url() + post.location;
      Sent patch = curl(202, "-X", "PATCH", "-H", chunked, "-T", file.toString(), url);
      String closing = server.url() + Pusher.closing(patch.location, digest);
      return patch.seconds + curl(201, "-X", "PUT", closing).seconds;
    }

    @Override
    public void close() throws IOException {
      Files.delete(file);
    }
  }

  private static Sent curl(int expected, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Tools.require("curl").toString(), "-sS", "-o", "/dev/null"));
    command.addAll(List.of("-H", "Content-Type: application/octet-stream"));
    command.addAll(List.of("-w", "%{http_code} %{time_total} %header{location}"));
    command.addAll(List.of(arguments));
    String[] fields = Command.run(command).strip().split(" ");
    Sent sent =
        new Sent(
            Integer.parseInt(fields[0]),
            Double.parseDouble(fields[1]),
            fields.length > 2 ? fields[2].replaceFirst("^https?://[^/]*", "") : "");
    if (sent.status != expected) {
      throw new IllegalStateException(
          "curl %s gave %d".formatted(String.join(" ", arguments), sent.status));
    }
    return sent;
  }
}
