package dev.entrepot.conformance.support;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the programs that tests run: in the directory that {@code ENTREPOT_TOOLS} names, in {@code
 * ~/.cache/entrepot/tools/bin}, then in the {@code PATH}.
 */
public final class Tools {
  private Tools() {}

  /** The program's file; empty when it is not installed. */
  public static Optional<Path> find(String program) {
    return directories().stream()
        .map(directory -> directory.resolve(program))
        .filter(Files::isExecutable)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static List<Path> directories() {
    List<Path> directories = new ArrayList<>();
    String own = System.getenv("ENTREPOT_TOOLS");
    if (own != null && !own.isBlank()) {
      directories.add(Path.of(own));
    }
    directories.add(Path.of(System.getProperty("user.home"), ".cache", "entrepot", "tools", "bin"));
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!entry.isBlank()) {
        directories.add(Path.of(entry));
      }
    }
    return directories;
  }
}
