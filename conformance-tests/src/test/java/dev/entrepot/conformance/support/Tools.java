package dev.entrepot.conformance.support;

import dev.entrepot.storage.testkit.s3.Programs;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the programs that tests run, where {@link Programs} looks. */
public final class Tools {
  private Tools() {}

  /** The program's file; empty when it is not installed. */
  public static Optional<Path> find(String program) {
    return Programs.find(program);
  }
}
