package dev.entrepot.storage.testkit.s3;

import dev.entrepot.storage.testkit.tls.IssuedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
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

  // As MinIO wants them to be called.
  private static final String CERTIFICATE = "public.crt";
  private static final String KEY = "private.key";
  private static final String AUTHORITY = "ca.pem";

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

    private List<String> command(String address) {
      return switch (this) {
        case VERSITYGW -> List.of("--port", address, "--region", REGION, "--quiet", "--keep-alive");
        case MINIO -> List.of("server", "--quiet", "--address", address);
      };
    }

    /** The options that name its certificate. */
    private List<String> tls(Path directory) {
      return switch (this) {
        case VERSITYGW ->
            List.of(
                "--cert",
                directory.resolve(CERTIFICATE).toString(),
                "--key",
                directory.resolve(KEY).toString());
        case MINIO -> List.of("--certs-dir", directory.toString());
      };
    }

    private List<String> objects(Path objects) {
      return switch (this) {
        case VERSITYGW -> List.of("posix", objects.toString());
        case MINIO -> List.of(objects.toString());
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
  private final Map<String, String> environment;
  private final @Nullable IssuedCertificate certificate;
  private @Nullable Process process;

  private S3Server(Builder builder) throws IOException {
    this.kind = builder.kind;
    this.port = LoopbackPorts.free();
    this.directory = Files.createTempDirectory("entrepot-" + kind.program() + "-");
    this.environment = Map.copyOf(builder.environment);
    this.certificate = builder.certificate;
    // Both servers take a directory for a bucket.
    Files.createDirectories(objects().resolve(BUCKET));
    if (certificate != null) {
      Path tls = Files.createDirectories(tls());
      certificate.server().write(tls.resolve(CERTIFICATE), tls.resolve(KEY));
      certificate.authority().write(directory.resolve(AUTHORITY), directory.resolve("ca.key"));
    }
  }

  /** A server that answers; {@link Kind#isInstalled} says whether it can be had. */
  public static S3Server start(Kind kind) {
    return builder(kind).start();
  }

  /** A server with settings of its own. */
  public static Builder builder(Kind kind) {
    return new Builder(kind);
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
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(kind.command("127.0.0.1:" + port));
    if (certificate != null) {
      command.addAll(kind.tls(tls()));
    }
    command.addAll(kind.objects(objects()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().putAll(kind.environment());
    builder.environment().putAll(environment);
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
      if (connection instanceof HttpsURLConnection https && certificate != null) {
        https.setSSLSocketFactory(certificate.authority().trust().getSocketFactory());
      }
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

  /** {@code http://127.0.0.1:port}, or https where it was given a certificate. */
  public URI endpoint() {
    return endpoint("127.0.0.1");
  }

  /** The same under another name for loopback. */
  public URI endpoint(String host) {
    return URI.create((certificate == null ? "http" : "https") + "://" + host + ":" + port);
  }

  public Kind kind() {
    return kind;
  }

  /** PEM file of the authority that its certificate is from; empty when it serves HTTP. */
  public Optional<Path> authority() {
    return certificate == null ? Optional.empty() : Optional.of(directory.resolve(AUTHORITY));
  }

  private Path tls() {
    return directory.resolve("tls");
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

  /** Settings of a server under test. */
  public static final class Builder {
    private final Kind kind;
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable IssuedCertificate certificate;

    private Builder(Kind kind) {
      this.kind = kind;
    }

    /** A setting of the server's own, by its environment variable. */
    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Serves HTTPS, and nothing else. */
    public Builder tls(IssuedCertificate certificate) {
      this.certificate = certificate;
      return this;
    }

    /** A server that answers. */
    public S3Server start() {
      try {
        S3Server server = new S3Server(this);
        server.startAgain();
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
