package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** This project's packaged server, started by its launcher exactly as a user starts it. */
class Entrepot extends Server {
  static final String PROGRAM = "java";

  private final Map<String, String> settings;

  Entrepot(Path directory) {
    this(directory, Map.of());
  }

  /**
   * Prepares a server.
   *
   * @param settings {@code ENTREPOT_…} variables beyond the defaults
   */
  Entrepot(Path directory, Map<String, String> settings) {
    super("entrepot", directory);
    this.settings = settings;
  }

  @Override
  List<String> command() {
    return List.of(
        home().resolve("entrepot").toString(),
        "serve",
        "--port",
        Integer.toString(port()),
        "--data",
        data().toString(),
        "--auth",
        auth());
  }

  String auth() {
    return "off";
  }

  Path data() {
    return directory().resolve("data");
  }

  @Override
  Map<String, String> environment() {
    return settings;
  }

  @Override
  String readyPath() {
    return "/v2/";
  }

  @Override
  String program() {
    return PROGRAM;
  }

  @Override
  Optional<Path> blobFile(String digest) throws IOException {
    String hex = digest.substring("sha256:".length());
    Path folder = data().resolve("storage/blobs/sha256/" + hex.substring(0, 2));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, hex + ".*")) {
      for (Path file : files) {
        return Optional.of(file);
      }
      return Optional.empty();
    }
  }

  @Override
  String description() {
    String home = home().toString();
    return "Entrepot, working copy at "
        + Command.firstLine("git", "-C", home, "describe", "--tags", "--always", "--dirty")
        + ", as shipped: access log, metrics and request ids on, embedded PostgreSQL";
  }

  static Path home() {
    return Path.of(System.getProperty("entrepot.home", "."));
  }
}
