package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CNCF distribution's registry, set up as its image ships it, quieter in its log. */
final class Distribution extends Server {

  Distribution(Path directory) {
    super("distribution", directory);
  }

  @Override
  List<String> command() throws IOException {
    Path program = Tools.require("registry");
    Path configuration = directory().resolve("config.yml");
    Files.writeString(
        configuration,
        """
        version: 0.1
        log:
          level: error
        storage:
          cache:
            blobdescriptor: inmemory
          filesystem:
            rootdirectory: %s
          delete:
            enabled: true
        http:
          addr: 127.0.0.1:%d
        """
            .formatted(directory().resolve("data"), port()));
    return List.of(program.toString(), "serve", configuration.toString());
  }

  @Override
  Map<String, String> environment() {
    return Map.of("OTEL_TRACES_EXPORTER", "none");
  }

  @Override
  String readyPath() {
    return "/v2/";
  }

  @Override
  String program() {
    return "registry";
  }

  @Override
  Optional<Path> blobFile(String digest) {
    String hex = digest.substring("sha256:".length());
    String folder = "data/docker/registry/v2/blobs/sha256/" + hex.substring(0, 2);
    return Optional.of(directory().resolve(folder).resolve(hex).resolve("data"));
  }

  @Override
  String description() {
    return "CNCF distribution ("
        + Command.firstLine(Tools.require("registry").toString(), "--version")
        + "), filesystem driver, in-memory descriptor cache, access log on, log level error";
  }
}
