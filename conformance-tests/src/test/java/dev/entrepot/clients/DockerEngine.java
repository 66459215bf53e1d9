package dev.entrepot.clients;

import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A Docker Engine of the test's own: its data, its socket and its containerd are in a temporary
 * directory, and it touches neither bridge nor firewall. It needs root.
 */
public final class DockerEngine implements AutoCloseable {
  private static final Path DAEMON = Path.of("/usr/sbin/dockerd");
  // Not the first of the PATH, which may be another version's.
  private static final Path CLIENT = Path.of("/usr/bin/docker");
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final Path directory;
  private final Process daemon;
  private final Program client;

  private DockerEngine(Path directory, Process daemon, Program client) {
    this.directory = directory;
    this.daemon = daemon;
    this.client = client;
  }

  /** Starts an engine; skips the test when there is none here, or none can run. */
  static DockerEngine start() {
    return start(UnaryOperator.identity());
  }

  /**
   * The same for an engine and a client with settings of their own.
   *
   * @param settings makes a program one that has them
   */
  public static DockerEngine start(UnaryOperator<Program> settings) {
    Program dockerd = settings.apply(Program.require(DAEMON));
    Program docker = settings.apply(Program.require(CLIENT));
    if (!System.getProperty("user.name").equals("root")) {
      return Program.skip("Docker Engine needs root");
    }
    return start(dockerd, docker, "overlay2").orElseGet(() -> startPlain(dockerd, docker));
  }

  // Where the temporary directory is itself an overlay (a container), overlay2 does not start.
  private static DockerEngine startPlain(Program dockerd, Program docker) {
    return start(dockerd, docker, "vfs")
        .orElseThrow(() -> new IllegalStateException("dockerd does not start"));
  }

  private static java.util.Optional<DockerEngine> start(
      Program dockerd, Program docker, String storageDriver) {
    Path directory = temporaryDirectory();
    Path log = directory.resolve("log");
    String host = "unix://" + directory.resolve("socket");
    Process daemon =
        dockerd.start(
            log,
            "--data-root=" + directory.resolve("data"),
            "--exec-root=" + directory.resolve("exec"),
            "--pidfile=" + directory.resolve("pid"),
            "--host=" + host,
            "--storage-driver=" + storageDriver,
            "--bridge=none",
            "--iptables=false");
    Program client =
        docker.with("--host", host).environment("DOCKER_CONFIG", directory + "/config");
    DockerEngine engine = new DockerEngine(directory, daemon, client);
    Runtime.getRuntime().addShutdownHook(new Thread(daemon::destroy));
    await()
        .atMost(START_TIMEOUT)
        .until(() -> !daemon.isAlive() || client.attempt("version").exit() == 0);
    if (daemon.isAlive()) {
      return java.util.Optional.of(engine);
    }
    System.out.println("dockerd with " + storageDriver + " ended: " + engine.logEnd());
    engine.close();
    return java.util.Optional.empty();
  }

  /** {@code docker} talking to this engine. */
  public Program docker() {
    return client;
  }

  /** {@code docker build} of a directory, as the given name; containers get no network. */
  public Program.Output build(Path context, String name, String... options) {
    return build(client.environment("DOCKER_BUILDKIT", "0"), context, name, options);
  }

  /** The same with the BuildKit that is inside the engine. */
  Program.Output buildWithBuildKit(Path context, String name, String... options) {
    return build(client.environment("DOCKER_BUILDKIT", "1"), context, name, options);
  }

  private static Program.Output build(
      Program docker, Path context, String name, String... options) {
    List<String> arguments =
        new java.util.ArrayList<>(List.of("build", "--network", "none", "--tag", name));
    arguments.addAll(List.of(options));
    arguments.add(context.toString());
    return docker.run(arguments.toArray(String[]::new));
  }

  /** Runs the image's command in a container; returns what it printed. */
  String runImage(String name, String... command) {
    List<String> arguments =
        new java.util.ArrayList<>(List.of("run", "--rm", "--network", "none", name));
    arguments.addAll(List.of(command));
    return client.run(arguments.toArray(String[]::new)).text();
  }

  /** Removes all images, layers and build caches, so that a pull has to fetch everything. */
  public void forgetEverything() {
    client.run("system", "prune", "--all", "--force");
    client.attempt("builder", "prune", "--all", "--force");
  }

  @Override
  public void close() {
    daemon.destroy();
    try {
      if (!daemon.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        daemon.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Directories.deleteRecursively(directory);
  }

  private String logEnd() {
    try {
      String text = Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
      return text.substring(Math.max(0, text.length() - 2000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("docker-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
