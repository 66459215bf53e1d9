package dev.entrepot.crash;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Several clients that push at once until they are stopped. */
public final class PushLoad implements AutoCloseable {
  private static final int CLIENTS = 5;
  // A client whose server is away does not spin.
  private static final long PAUSE_AFTER_FAILURE_NANOS = 5_000_000;

  private final Api api;
  private final Collection<String> faults = new ConcurrentLinkedQueue<>();
  private final List<Pusher> pushers;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running;

  public PushLoad(URI url, Ledger ledger, long seed) {
    this.api = new Api(url);
    this.pushers =
        IntStream.range(0, CLIENTS)
            .mapToObj(number -> new Pusher(api, ledger, faults, number, seed + number))
            .toList();
  }

  public void start() {
    running = true;
    for (Pusher pusher : pushers) {
      threads.add(Thread.ofPlatform().name("pusher").start(() -> push(pusher)));
    }
  }

  private void push(Pusher pusher) {
    while (running) {
      if (!pusher.step()) {
        LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
      }
    }
  }

  /** Waits until all clients have ended what they do; returns the server's faults so far. */
  public List<String> stop() {
    running = false;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    threads.clear();
    List<String> found = List.copyOf(faults);
    faults.clear();
    return found;
  }

  @Override
  public void close() {
    stop();
    api.close();
  }
}
