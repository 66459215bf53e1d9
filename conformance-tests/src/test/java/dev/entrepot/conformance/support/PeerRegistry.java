package dev.entrepot.conformance.support;

import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * CNCF distribution, the registry that ours is measured against; its program is {@code registry}.
 */
public final class PeerRegistry implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private final ServerProcess process;
  private final Path directory;
  private final URI url;

  private PeerRegistry(ServerProcess process, Path directory, URI url) {
    this.process = process;
    this.directory = directory;
    this.url = url;
  }

  /** Whether the program is on this machine. */
  public static boolean isInstalled() {
    return program().isPresent();
  }

  /**
   * Starts it on a free port with a temporary directory.
   *
   * @throws IllegalStateException when it is not installed
   */
  public static PeerRegistry start() {
    return start(directory -> "filesystem: {rootdirectory: %s}".formatted(directory));
  }

  /**
   * Starts it on a free port, with its blobs in the bucket of an object store.
   *
   * @param rootDirectory what its keys begin with
   * @throws IllegalStateException when it is not installed
   */
  public static PeerRegistry start(S3Server store, String rootDirectory) {
    String settings =
        "s3: {regionendpoint: %s, region: %s, bucket: %s, rootdirectory: %s, accesskey: %s,"
            + " secretkey: %s, forcepathstyle: true, secure: false}";
    return start(
        directory ->
            settings.formatted(
                store.endpoint(),
                S3Server.REGION,
                S3Server.BUCKET,
                rootDirectory,
                S3Server.ACCESS_KEY,
                S3Server.SECRET_KEY));
  }

  /**
   * @param driver the setting of the storage driver, for a directory that may be used
   */
  private static PeerRegistry start(UnaryOperator<String> driver) {
    Path program = program().orElseThrow(() -> new IllegalStateException("registry not installed"));
    try {
      Path directory = Files.createTempDirectory("distribution-test-");
      int port = Ports.free();
      Path configuration = directory.resolve("config.yml");
      Files.writeString(
          configuration,
          """
          version: 0.1
          log:
            level: error
            accesslog:
              disabled: true
          storage:
            %s
            delete:
              enabled: true
          http:
            addr: 127.0.0.1:%d
          """
              .formatted(driver.apply(directory.resolve("data").toString()), port));
      ServerProcess process =
          ServerProcess.start(
              List.of(program.toString(), "serve", configuration.toString()),
              Map.of("OTEL_TRACES_EXPORTER", "none"),
              directory,
              directory.resolve("log"));
      URI url = URI.create("http://127.0.0.1:" + port);
      process.awaitAnswer(url.resolve("/v2/"), null, START_TIMEOUT);
      return new PeerRegistry(process, directory, url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return url;
  }

  public long pid() {
    return process.serving().pid();
  }

  /** Where it keeps its blobs. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    process.stop();
    Directories.deleteRecursively(directory);
  }

  private static Optional<Path> program() {
    return Tools.find("registry");
  }
}
