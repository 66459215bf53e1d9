package dev.entrepot.storage.testkit.s3;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the programs that tests run: in the directory that {@code ENTREPOT_TOOLS} names, in {@code
 * ~/.cache/entrepot/tools/bin}, then in the {@code PATH}.
 */
public final class Programs {
  private Programs() {}

  /** The program's file; empty when it is not installed. */
  public static Optional<Path> find(String program) {
    String own = System.getenv().getOrDefault("ENTREPOT_TOOLS", "");
    Path usual = Path.of(System.getProperty("user.home"), ".cache", "entrepot", "tools", "bin");
    String[] path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
    return Stream.concat(Stream.of(own, usual.toString()), Stream.of(path))
        .filter(directory -> !directory.isBlank())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
