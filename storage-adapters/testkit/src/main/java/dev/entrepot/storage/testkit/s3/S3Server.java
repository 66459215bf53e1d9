package dev.entrepot.storage.testkit.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An S3 server as a process of its own on a loopback port, its objects in a temporary directory. It
 * has one bucket. It can be killed and started again on the same port and objects.
 */
public final class S3Server implements AutoCloseable {
  /** The bucket that is there from the beginning. */
  public static final String BUCKET = "entrepot";

  public static final String REGION = "us-east-1";
  public static final String ACCESS_KEY = "entrepot";
  public static final String SECRET_KEY = "entrepot-secret";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  /** The servers there are. */
  public enum Kind {
    VERSITYGW,
    MINIO;

    /** The name of its program. */
    public String program() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the program is there. */
    public boolean isInstalled() {
      return Programs.find(program()).isPresent();
    }

    private List<String> command(String program, String address, Path objects) {
      return switch (this) {
        case VERSITYGW ->
            List.of(
                program,
                "--port",
                address,
                "--region",
                REGION,
                "--quiet",
                "--keep-alive",
                "posix",
                objects.toString());
        case MINIO ->
            List.of(program, "server", "--quiet", "--address", address, objects.toString());
      };
    }

    private Map<String, String> environment() {
      return switch (this) {
        case VERSITYGW -> Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY);
        case MINIO ->
            Map.of(
                "MINIO_ROOT_USER",
                ACCESS_KEY,
                "MINIO_ROOT_PASSWORD",
                SECRET_KEY,
                "MINIO_BROWSER",
                "off",
                "MINIO_UPDATE",
                "off");
      };
    }
  }

  private final Kind kind;
  private final int port;
  private final Path directory;
  private @Nullable Process process;

  private S3Server(Kind kind, int port, Path directory) {
    this.kind = kind;
    this.port = port;
    this.directory = directory;
  }

  /** A server that answers; {@link Kind#isInstalled} says whether it can be had. */
  public static S3Server start(Kind kind) {
    try {
      Path directory = Files.createTempDirectory("entrepot-" + kind.program() + "-");
      // Both servers take a directory for a bucket.
      Files.createDirectories(directory.resolve("objects").resolve(BUCKET));
      S3Server server = new S3Server(kind, LoopbackPorts.free(), directory);
      server.startAgain();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again on its port and objects after {@link #kill}. */
  public void startAgain() throws IOException {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("the server is running");
    }
    String program =
        Programs.find(kind.program())
            .orElseThrow(() -> new IllegalStateException(kind.program() + " is not installed"))
            .toString();
    ProcessBuilder builder =
        new ProcessBuilder(kind.command(program, "127.0.0.1:" + port, objects()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().putAll(kind.environment());
    Process started = builder.start();
    process = started;
    // Interrupted test runs leave no servers behind.
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    awaitAnswer(started);
  }

  private void awaitAnswer(Process started) throws IOException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    try {
      while (!answers()) {
        if (!started.isAlive() || System.nanoTime() > deadline) {
          started.destroyForcibly();
          throw new IllegalStateException(
              kind.program() + " did not start: " + Files.readString(log()));
        }
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // A request without a signature is refused with 403 by a server that is ready.
  private boolean answers() {
    try {
      HttpURLConnection connection = (HttpURLConnection) endpoint().toURL().openConnection();
      connection.setConnectTimeout(5_000);
      connection.setReadTimeout(5_000);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status == 403;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** SIGKILL, as in a crash. */
  public void kill() {
    Process running = Objects.requireNonNull(process, "the server is not running");
    running.destroyForcibly();
    try {
      running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** {@code http://127.0.0.1:port}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public Kind kind() {
    return kind;
  }

  /** Where the server keeps its objects, in a layout of its own. */
  public Path objects() {
    return directory.resolve("objects");
  }

  /** The file that has the output of all starts. */
  public Path log() {
    return directory.resolve("log");
  }

  /** Ends the server and removes its objects. */
  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
