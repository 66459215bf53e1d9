package dev.entrepot.clients;

import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A BuildKit daemon of the test's own, running its steps by runc. It needs root. (The BuildKit
 * inside Debian's Docker Engine exports its cache only inline; exporting it to a registry takes
 * this one.)
 */
final class BuildKit implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final Path directory;
  private final Process daemon;
  private final Program client;

  private BuildKit(Path directory, Process daemon, Program client) {
    this.directory = directory;
    this.daemon = daemon;
    this.client = client;
  }

  static BuildKit start() {
    Program buildkitd = Program.require("buildkitd");
    Program buildctl = Program.require("buildctl");
    Program.require("runc");
    if (!System.getProperty("user.name").equals("root")) {
      return Program.skip("BuildKit needs root");
    }
    Path directory = temporaryDirectory();
    String address = "unix://" + directory.resolve("socket");
    Process daemon =
        buildkitd.start(
            directory.resolve("log"),
            "--config=/dev/null",
            "--addr=" + address,
            "--root=" + directory.resolve("root"),
            "--oci-worker=true",
            "--containerd-worker=false",
            "--oci-worker-net=host");
    Runtime.getRuntime().addShutdownHook(new Thread(daemon::destroy));
    Program client = buildctl.with("--addr=" + address);
    await().atMost(START_TIMEOUT).until(() -> client.attempt("debug", "workers").exit() == 0);
    return new BuildKit(directory, daemon, client);
  }

  /** Builds a directory with further options; returns the plain log. */
  String build(Path context, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "build",
                "--progress=plain",
                "--frontend=dockerfile.v0",
                "--local=context=" + context,
                "--local=dockerfile=" + context));
    arguments.addAll(List.of(options));
    return client.run(arguments.toArray(String[]::new)).all();
  }

  void forgetEverything() {
    client.run("prune", "--all");
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

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("buildkit-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
