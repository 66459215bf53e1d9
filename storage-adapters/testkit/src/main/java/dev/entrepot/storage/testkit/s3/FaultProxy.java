package dev.entrepot.storage.testkit.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP/1.1 proxy in front of one server that passes requests on unchanged, so that their
 * signatures stay valid, counts bytes, remembers what it was asked, and does harm when told to.
 */
public final class FaultProxy implements AutoCloseable {
  private final URI upstream;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Injection> injections = new CopyOnWriteArrayList<>();
  private final List<ProxiedRequest> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong bytesToServer = new AtomicLong();
  private final AtomicLong bytesToClient = new AtomicLong();

  private FaultProxy(URI upstream, ServerSocket listener) {
    this.upstream = upstream;
    this.listener = listener;
  }

  /** A proxy on a loopback port, in front of {@code http://host:port}. */
  public static FaultProxy to(URI upstream) {
    try {
      ServerSocket listener = new ServerSocket(0, 1_000, InetAddress.getByName("127.0.0.1"));
      FaultProxy proxy = new FaultProxy(upstream, listener);
      proxy.threads.execute(proxy::acceptAll);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code http://127.0.0.1:port}. */
  public URI endpoint() {
    return endpoint("127.0.0.1");
  }

  /** The same under another name for loopback, such as {@code localhost}. */
  public URI endpoint(String host) {
    return URI.create("http://" + host + ":" + listener.getLocalPort());
  }

  /** From now on; of several that are meant for a request, the first one added is done. */
  public Injection inject(Injection injection) {
    injections.add(injection);
    return injection;
  }

  /** Ends it; for requests under way it goes on. */
  public void remove(Injection injection) {
    injections.remove(injection);
  }

  /** Ends all faults, also for requests that it has for later. */
  public void heal() {
    injections.clear();
  }

  /** Ends all connections, as a restart does, or a time for idle ones. */
  public void disconnect() {
    sockets.forEach(FaultProxy::closeQuietly);
  }

  /** All requests since the start or {@link #forget}, in the order in which their heads came. */
  public List<ProxiedRequest> requests() {
    return List.copyOf(requests);
  }

  /** Forgets requests and starts counting at 0. */
  public void forget() {
    requests.clear();
    bytesToServer.set(0);
    bytesToClient.set(0);
  }

  /** Bytes that went to the server, heads included. */
  public long bytesToServer() {
    return bytesToServer.get();
  }

  /** Bytes that went to clients, heads included. */
  public long bytesToClient() {
    return bytesToClient.get();
  }

  /** Ends all connections and listens no more. */
  @Override
  public void close() {
    closeQuietly(listener);
    disconnect();
    threads.shutdownNow();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket client = remember(listener.accept());
        threads.execute(new ProxiedConnection(this, client));
      } catch (IOException closed) {
        // the loop ends with the listener
      }
    }
  }

  Optional<Fault> faultFor(ProxiedRequest request) {
    requests.add(request);
    return injections.stream()
        .map(injection -> injection.faultFor(request))
        .flatMap(Optional::stream)
        .findFirst();
  }

  Socket connect() throws IOException {
    Socket server = remember(new Socket());
    server.connect(new InetSocketAddress(upstream.getHost(), upstream.getPort()));
    return server;
  }

  AtomicLong toServer() {
    return bytesToServer;
  }

  AtomicLong toClient() {
    return bytesToClient;
  }

  private Socket remember(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    sockets.add(socket);
    return socket;
  }

  void forget(Socket socket) {
    closeQuietly(socket);
    sockets.remove(socket);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // nothing to be done about it
    }
  }
}
