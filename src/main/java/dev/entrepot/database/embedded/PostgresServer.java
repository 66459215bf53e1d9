package dev.entrepot.database.embedded;

import static java.util.Map.entry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Starts and stops the one process of an embedded PostgreSQL; knows nothing of supervision. */
final class PostgresServer {
  /** Below the range that Linux and macOS give to outgoing connections, so that it stays ours. */
  private static final int LOWEST_PORT = 15_000;

  private static final int HIGHEST_PORT = 32_000;
  private static final int ATTEMPTS = 6;

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final String LOOPBACK = "127.0.0.1";

  /** The promise of a 201: what is committed survives a crash of this machine. */
  static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

  /**
   * For one machine that mostly does other things: no parallel queries, no compiled expressions, no
   * replication, few helper processes, and recovery that takes seconds.
   */
  private static final Map<String, String> SMALL =
      Map.ofEntries(
          entry("jit", "off"),
          entry("io_method", "sync"),
          entry("max_worker_processes", "2"),
          entry("max_parallel_workers", "0"),
          entry("max_parallel_workers_per_gather", "0"),
          entry("max_parallel_maintenance_workers", "0"),
          entry("max_logical_replication_workers", "0"),
          entry("max_wal_senders", "0"),
          entry("max_replication_slots", "0"),
          entry("autovacuum_max_workers", "2"),
          entry("work_mem", "4MB"),
          entry("maintenance_work_mem", "32MB"),
          entry("wal_buffers", "4MB"),
          entry("wal_compression", "on"),
          entry("min_wal_size", "64MB"),
          entry("max_wal_size", "512MB"),
          entry("max_locks_per_transaction", "128"), // the partitions of one migration
          entry("idle_in_transaction_session_timeout", "5min"),
          entry("timezone", "UTC"),
          entry("log_timezone", "UTC"),
          entry("lc_messages", "C"),
          entry("log_min_messages", "log"),
          entry("log_checkpoints", "off"),
          entry("log_line_prefix", "%m [%p] "));

  private final EmbeddedPostgresOptions options;
  private final PostgresPrograms programs;
  private final PostgresCluster cluster;
  private final PostmasterFile postmaster;
  private final PostgresLog log;
  private final String password;
  private volatile int port = freePort();
  private volatile @Nullable Process process;
  private volatile boolean startedOnce;

  private PostgresServer(
      EmbeddedPostgresOptions options, PostgresPrograms programs, PostgresCluster cluster)
      throws IOException {
    this.options = options;
    this.programs = programs;
    this.cluster = cluster;
    this.postmaster = new PostmasterFile(cluster.data());
    this.log = new PostgresLog(cluster.logFile());
    this.password = cluster.password();
  }

  /** Unpacks and initialises what is missing, and stops an orphan. */
  static PostgresServer prepare(EmbeddedPostgresOptions given) throws IOException {
    var cluster = new PostgresCluster(given.directory().toAbsolutePath().normalize());
    cluster.createDirectory();
    var programs =
        new PostgresPrograms(
            PostgresBinaries.unpackTo(given.binaries().toAbsolutePath().normalize()),
            PostgresUser.detect(given.directory()));
    cluster.prepare(programs, given.stopTimeout());
    return new PostgresServer(given, programs, cluster);
  }

  Optional<Process> process() {
    return Optional.ofNullable(process);
  }

  String password() {
    return password;
  }

  String jdbcUrl(String database) {
    return jdbcUrl(port, database);
  }

  static String jdbcUrl(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:"
        + port
        + "/"
        + database
        + "?sslmode=disable&gssEncMode=disable";
  }

  /**
   * Starts and waits until connections are accepted and durability is proven. Tries again for a
   * moment: right after a kill the old processes may still hold the shared memory, and on the first
   * start another program may be quicker to take the port.
   */
  void start(CountDownLatch closing) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        launch(closing);
        new DatabaseSetup(this::jdbcUrl, password).createAndCheck();
        startedOnce = true;
        return;
      } catch (EmbeddedPostgresException e) {
        stop();
        if (attempt == ATTEMPTS || !mayPass(e)) {
          throw e;
        }
      }
      Waiting.until(() -> closing.getCount() == 0, PAUSE.multipliedBy(attempt));
      if (!startedOnce) {
        port = freePort();
      }
    }
  }

  private static boolean mayPass(EmbeddedPostgresException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("shared memory block") || message.contains("TCP/IP socket");
  }

  private void launch(CountDownLatch closing) throws IOException {
    postmaster.removeIfStale();
    log.forget();
    Process started = programs.start(command());
    process = started;
    started.getOutputStream().close();
    Thread reader = log.follow(started.getInputStream());
    boolean ready =
        Waiting.until(
            () ->
                postmaster.isReady(started.pid()) || !started.isAlive() || closing.getCount() == 0,
            options.startTimeout());
    if (!started.isAlive()) {
      Waiting.until(() -> !reader.isAlive(), PAUSE); // its last words may still be in the pipe
      throw new EmbeddedPostgresException("PostgreSQL did not start: " + log.reason());
    }
    if (closing.getCount() == 0) {
      throw new EmbeddedPostgresException("PostgreSQL is not started: the server is stopping");
    }
    if (!ready) {
      throw new EmbeddedPostgresException(
          "PostgreSQL was not ready after " + options.startTimeout() + ": " + log.reason());
    }
  }

  /** Ends the process when there is one, and waits for it. */
  void stop() {
    Process running = process;
    if (running == null || !running.isAlive()) {
      return;
    }
    try {
      programs.stop(running.pid(), () -> !running.isAlive(), options.stopTimeout());
    } catch (IOException | EmbeddedPostgresException e) {
      running.destroyForcibly(); // its children notice and end; the next start recovers
    }
  }

  private List<String> command() {
    var command = new ArrayList<String>(List.of("postgres", "-D", cluster.data().toString()));
    settings()
        .forEach(
            (name, value) -> {
              command.add("-c");
              command.add(name + "=" + value);
            });
    return command;
  }

  /** On the command line, where no configuration file overrides them. */
  private Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", Integer.toString(options.maxConnections()));
    settings.putAll(DURABLE);
    settings.put("shared_buffers", options.sharedBuffers());
    settings.putAll(SMALL);
    return settings;
  }

  private static int freePort() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (var probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(LOOPBACK, candidate));
        return candidate;
      } catch (IOException _) {
        // taken: try another
      }
    }
    throw new EmbeddedPostgresException("No free port on " + LOOPBACK + " for PostgreSQL");
  }
}
