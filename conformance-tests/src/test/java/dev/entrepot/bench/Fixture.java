package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The image whose parts the read rows fetch, the same bytes on every server. */
final class Fixture {
  static final String REPOSITORY = "bench/app";
  private static final int SMALL = 300;
  private static final int LARGE = 70_000_000;

  private final byte[] small = Content.config("fixture", SMALL);
  private final byte[] large = Content.random(LARGE, 42);
  private final String smallDigest = Content.digest(small);
  private final String largeDigest = Content.digest(large);
  private final byte[] manifest = Content.manifest(smallDigest, SMALL, largeDigest, LARGE);

  String manifestPath() {
    return "/v2/" + REPOSITORY + "/manifests/latest";
  }

  String smallPath() {
    return "/v2/" + REPOSITORY + "/blobs/" + smallDigest;
  }

  String largePath() {
    return "/v2/" + REPOSITORY + "/blobs/" + largeDigest;
  }

  int manifestSize() {
    return manifest.length;
  }

  void pushTo(Server server) throws IOException {
    if (server instanceof Nginx nginx) {
      write(nginx.file(manifestPath()), manifest);
      write(nginx.file(smallPath()), small);
      write(nginx.file(largePath()), large);
      return;
    }
    try (HttpConnection connection = new HttpConnection(server.port(), server.pushHeaders())) {
      Pusher pusher = new Pusher(connection, REPOSITORY);
      pusher.blob(small, smallDigest);
      pusher.blob(large, largeDigest);
      pusher.manifest("latest", manifest);
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
