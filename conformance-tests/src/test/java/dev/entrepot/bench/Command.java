package dev.entrepot.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program to its end and gives what it printed. */
final class Command {
  private Command() {}

  /**
   * Standard output and error of a program that must end with status 0.
   *
   * @throws IllegalStateException when it cannot be run or ends otherwise
   */
  static String run(List<String> command) {
    return run(command, true);
  }

  private static String run(List<String> command, boolean checked) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (checked && status != 0) {
        throw new IllegalStateException(
            "%s ended with status %d: %s".formatted(String.join(" ", command), status, output));
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
    }
  }

  /**
   * The first line of what the program prints, whatever its status (wrk ends its {@code -v} with
   * 1), or {@code "unknown"} when it cannot be run.
   */
  static String firstLine(String... command) {
    try {
      return run(List.of(command), false).lines().findFirst().orElse("unknown").strip();
    } catch (IllegalStateException e) {
      return "unknown";
    }
  }
}
