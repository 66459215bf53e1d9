package dev.entrepot.conformance.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The packaged server, started through the launcher as a user would: {@code ./entrepot serve --port
 * … --data …}. It can be stopped, killed and started again on the same data.
 *
 * <p>Not safe for use by several threads at once, except for {@link #url()} and {@link
 * #registry()}.
 */
public final class RegistryServer implements AutoCloseable {
  // The first start makes a database cluster; a launcher that finds nothing built builds first.
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private final int port;
  private final Path dataDirectory;
  private final boolean ownsDataDirectory;
  private final Path log;
  private final List<String> options;
  private final Map<String, String> environment;
  private final @Nullable SSLContext trust;
  private @Nullable ServerProcess process;

  private RegistryServer(Builder builder) {
    this.port = builder.port == 0 ? Ports.free() : builder.port;
    this.ownsDataDirectory = builder.dataDirectory == null;
    this.dataDirectory =
        builder.dataDirectory == null ? temporaryDirectory() : builder.dataDirectory;
    this.log = this.dataDirectory.resolveSibling(this.dataDirectory.getFileName() + ".log");
    this.options = List.copyOf(builder.options);
    this.environment = Map.copyOf(builder.environment);
    this.trust = builder.trust;
  }

  /** A server on a free port with a data directory of its own, started and answering. */
  public static RegistryServer start() {
    return builder().start();
  }

  /** A server with settings of its own. */
  public static Builder builder() {
    return new Builder();
  }

  /** The directory of the launcher: the root of the project. */
  public static Path projectRoot() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("mvnw"))) {
        return at;
      }
    }
    throw new IllegalStateException("run the tests inside the project");
  }

  /** Starts again on the same data and port, after {@link #stop()} or {@link #kill()}. */
  public void startAgain() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("server is running");
    }
    List<String> command = new ArrayList<>();
    command.add(projectRoot().resolve("entrepot").toString());
    command.addAll(
        List.of(
            "serve",
            "--port",
            String.valueOf(port),
            "--data",
            dataDirectory.toString(),
            "--auth",
            "off"));
    command.addAll(options);
    ServerProcess started = ServerProcess.start(command, environment, projectRoot(), log);
    process = started;
    started.awaitAnswer(url().resolve("/v2/"), trust, START_TIMEOUT);
  }

  /** Ends the server in an orderly way; returns its exit code. Its PostgreSQL ends with it. */
  public int stop() {
    int exit = running().stop();
    process = null;
    return exit;
  }

  /** SIGKILL, as in a crash: the server's PostgreSQL is left behind. */
  public void kill() {
    running().kill();
    process = null;
  }

  /** {@link #stop()} and {@link #startAgain()}. */
  public void restart() {
    stop();
    startAgain();
  }

  /** {@code http://127.0.0.1:port}, or https where the server was given a certificate. */
  public URI url() {
    return URI.create((trust == null ? "http" : "https") + "://127.0.0.1:" + port);
  }

  /** A client of this server. */
  public Registry registry() {
    return new Registry(url());
  }

  public int port() {
    return port;
  }

  /** The process id of the server's JVM. */
  public long pid() {
    return running().serving().pid();
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  public Path dataDirectory() {
    return dataDirectory;
  }

  /** The file that has the output of all starts, beside the data directory. */
  public Path log() {
    return log;
  }

  /** All output so far. */
  public String logText() {
    return ServerProcess.read(log);
  }

  /** Stops the server and removes its data when the directory was not given by the caller. */
  @Override
  public void close() {
    if (isRunning()) {
      stop();
    }
    if (ownsDataDirectory) {
      Directories.deleteRecursively(dataDirectory);
      Directories.deleteRecursively(log);
    }
  }

  private ServerProcess running() {
    return Objects.requireNonNull(process, "server is not running");
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("entrepot-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings of a server under test. */
  public static final class Builder {
    private int port;
    private @Nullable Path dataDirectory;
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable SSLContext trust;

    private Builder() {}

    /** A fixed port; otherwise a free one. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** A directory of the caller, which stays; otherwise a temporary one, which does not. */
    public Builder dataDirectory(Path directory) {
      this.dataDirectory = directory;
      return this;
    }

    /** A setting by its environment variable, such as {@code ENTREPOT_HTTP_PORT}. */
    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Serves HTTPS with these PEM files; {@code trust} is for those who ask whether it answers. */
    public Builder tls(Path certificate, Path key, SSLContext trust) {
      this.trust = trust;
      environment("ENTREPOT_HTTP_TLS_CERTIFICATE", certificate.toString());
      return environment("ENTREPOT_HTTP_TLS_KEY", key.toString());
    }

    /** Further options of {@code serve}. */
    public Builder options(String... more) {
      options.addAll(List.of(more));
      return this;
    }

    /** Starts the server and waits until {@code /v2/} answers. */
    public RegistryServer start() {
      RegistryServer server = new RegistryServer(this);
      server.startAgain();
      return server;
    }
  }
}
