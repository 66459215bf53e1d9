package dev.entrepot.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server under measurement: a program on a free loopback port with a directory of its own. */
abstract class Server {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final String name;
  private final Path directory;
  private final int port = freePort();
  private Process process;
  private boolean started;

  Server(String name, Path directory) {
    this.name = name;
    this.directory = directory;
  }

  /** The command that runs the server in the foreground. */
  abstract List<String> command() throws IOException;

  abstract Map<String, String> environment();

  /** The path that answers 200 once the server is ready. */
  abstract String readyPath();

  /** Headers of whoever may push. */
  Map<String, String> pushHeaders() {
    return Map.of();
  }

  /** What the report says about the program and how it was set up. */
  abstract String description();

  /** Name of the program whose memory counts, where it is not the first process. */
  abstract String program();

  /** The file in which the server keeps a blob; empty where there is none. */
  abstract Optional<Path> blobFile(String digest) throws IOException;

  final String name() {
    return name;
  }

  final int port() {
    return port;
  }

  final Path directory() {
    return directory;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts the server and waits for its first good answer; gives the seconds that took. */
  final double start() throws IOException, InterruptedException {
    Files.createDirectories(directory);
    ProcessBuilder builder = new ProcessBuilder(command()).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().putAll(environment());
    long begin = System.nanoTime();
    process = builder.start();
    started = true;
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - begin > START_TIMEOUT.toNanos()) {
        stop();
        throw new Skipped(name + " did not start: " + lastLog());
      }
      Thread.sleep(2);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Whether the server is ready. */
  boolean answers() {
    try (HttpConnection connection = new HttpConnection(port)) {
      return connection.get(readyPath()).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Stops what {@link #start} started, gently first; does nothing when it is not running. */
  final void stop() {
    if (process == null) {
      return;
    }
    List<ProcessHandle> processes = tree().all();
    process.destroy();
    boolean interrupted = false;
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    processes.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    process = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  final ProcessTree tree() {
    return new ProcessTree(process.toHandle());
  }

  /** The process whose memory counts. */
  final ProcessHandle main() {
    return tree().find(program()).orElse(process.toHandle());
  }

  /** The most memory the program's own processes held, in MiB; a database beside it not counted. */
  final double peakMib() {
    double peak = tree().peakMib(program());
    if (peak == 0) {
      throw new IllegalStateException("no process of " + name + " runs " + program());
    }
    return peak;
  }

  final boolean wasStarted() {
    return started;
  }

  final Path log() {
    return directory.resolve("server.log");
  }

  private String lastLog() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException e) {
      return "no log";
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
  }
}
