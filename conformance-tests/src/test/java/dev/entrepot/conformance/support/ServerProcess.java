package dev.entrepot.conformance.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server run as a process of its own, its output in a log file. */
final class ServerProcess {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(2);

  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static ServerProcess start(
      List<String> command, Map<String, String> environment, Path directory, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try {
      Process process = builder.start();
      // Interrupted test runs leave no servers behind.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return new ServerProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns once {@code url} answers 200 or 401; fails with the log's end when it does not. */
  void awaitAnswer(URI url, @Nullable SSLContext trust, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (HttpClient client = client(trust)) {
      while (!answers(client, url)) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              "server ended with " + process.exitValue() + "; log: " + logEnd());
        }
        if (System.nanoTime() > deadline) {
          kill(process.toHandle());
          throw new IllegalStateException("no answer in " + timeout + "; log: " + logEnd());
        }
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static HttpClient client(@Nullable SSLContext trust) {
    HttpClient.Builder builder = HttpClient.newBuilder();
    return (trust == null ? builder : builder.sslContext(trust)).build();
  }

  private static boolean answers(HttpClient client, URI url) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(30)).build();
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status == 200 || status == 401;
    } catch (IOException notYet) {
      return false;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int awaitExit(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("still running after " + timeout + "; log: " + logEnd());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The process that serves: a launcher's Java child, or the process itself. */
  ProcessHandle serving() {
    ProcessHandle own = process.toHandle();
    return isJava(own)
        ? own
        : own.descendants().filter(ServerProcess::isJava).findFirst().orElse(own);
  }

  private static boolean isJava(ProcessHandle handle) {
    return handle.info().command().filter(command -> command.endsWith("java")).isPresent();
  }

  /** Asks the server to end (SIGTERM) and waits; returns its exit code. */
  int stop() {
    serving().destroy();
    return awaitExit(STOP_TIMEOUT);
  }

  /** SIGKILL for the serving process alone: what it started stays behind, as after a crash. */
  void kill() {
    kill(serving());
    kill(process.toHandle());
    awaitExit(STOP_TIMEOUT);
  }

  private static void kill(ProcessHandle handle) {
    handle.destroyForcibly();
    try {
      handle.onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("process " + handle.pid() + " does not end", e);
    }
  }

  private String logEnd() {
    String text = read(log);
    return "\n" + text.substring(Math.max(0, text.length() - 8000));
  }

  static String read(Path log) {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
