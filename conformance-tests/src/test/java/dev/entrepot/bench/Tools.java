package dev.entrepot.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the programs that the benchmark runs: in {@code ENTREPOT_TOOLS}, its default, the path. */
final class Tools {
  private Tools() {}

  static Optional<Path> find(String name) {
    return directories().stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Path require(String name) {
    return find(name)
        .orElseThrow(
            () -> new Skipped(name + " is absent (conformance-tests/tools/install.sh gets it)"));
  }

  private static List<Path> directories() {
    List<Path> directories = new ArrayList<>();
    String tools = System.getenv("ENTREPOT_TOOLS");
    directories.add(
        tools != null
            ? Path.of(tools)
            : Path.of(System.getProperty("user.home"), ".cache/entrepot/tools/bin"));
    for (String entry : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (!entry.isEmpty()) {
        directories.add(Path.of(entry));
      }
    }
    // daemons live there, and a user's path often lacks it
    directories.add(Path.of("/usr/sbin"));
    return directories;
  }
}
