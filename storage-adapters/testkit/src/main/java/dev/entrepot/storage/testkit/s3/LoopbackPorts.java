package dev.entrepot.storage.testkit.s3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that must find them free again after a restart. */
final class LoopbackPorts {
  // Below those that systems give to clients, and apart from those of other servers under test.
  private static final int LOWEST = 7_000;
  private static final int HIGHEST = 10_000;

  private LoopbackPorts() {}

  /** A port that was free a moment ago. */
  static int free() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        // try another
      }
    }
    throw new IllegalStateException("no free port from " + LOWEST + " to " + HIGHEST);
  }
}
