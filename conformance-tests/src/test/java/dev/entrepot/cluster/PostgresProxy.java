package dev.entrepot.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Between one server and PostgreSQL: cuts all connections when a certain statement comes. */
final class PostgresProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String last;
  private volatile boolean away;

  PostgresProxy(int target) {
    this.target = target;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** When a statement with this text is on its way, it does not arrive, and nothing after it. */
  void cutBefore(String text) {
    last = text;
  }

  /** Whether it has come to that. */
  boolean isAway() {
    return away;
  }

  /** Lets everything pass again. */
  void heal() {
    last = null;
    away = false;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        if (away) {
          close(client);
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(server);
        Thread.ofVirtual().start(() -> pass(client, server, true));
        Thread.ofVirtual().start(() -> pass(server, client, false));
      } catch (IOException e) {
        // It is being closed, or PostgreSQL is not there: the client sees it.
      }
    }
  }

  private void pass(Socket from, Socket to, boolean statements) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        String text = last;
        if (statements && text != null && new String(buffer, 0, n, ISO_8859_1).contains(text)) {
          away = true;
          open.forEach(PostgresProxy::close);
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // Cut here, or by one of the two.
    }
    close(from);
    close(to);
    open.remove(from);
    open.remove(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more.
    }
  }

  @Override
  public void close() {
    away = true;
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(PostgresProxy::close);
  }
}
