package dev.entrepot.conformance.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers under test. */
public final class Ports {
  private Ports() {}

  // Below those that systems give to clients, of which one might get it before the server does, or
  // while the server is down; and below those that the servers' own databases choose from.
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 15_000;

  /** A loopback port that was free a moment ago. */
  public static int free() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
        return port;
      } catch (IOException e) {
        // taken: try another
      }
    }
    throw new IllegalStateException("no free port from " + LOWEST + " to " + HIGHEST);
  }
}
