package dev.entrepot.keeping;

import dev.entrepot.conformance.support.RegistryServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of the launcher, such as {@code ./entrepot backup}. */
final class Launched {
  private static final long TIMEOUT_MINUTES = 5;

  private final Process process;
  private final Path output;

  private Launched(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts one, with settings as variables of the environment. */
  static Launched start(Map<String, String> environment, Object... command) {
    try {
      List<String> words = new ArrayList<>();
      words.add(RegistryServer.projectRoot().resolve("entrepot").toString());
      for (Object word : command) {
        words.add(word.toString());
      }
      Path output = Files.createTempFile("entrepot-command-", ".log");
      output.toFile().deleteOnExit();
      ProcessBuilder builder =
          new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      return new Launched(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one to its end; fails with its output when it does not end with status 0. */
  static String run(Object... command) {
    return run(Map.of(), command);
  }

  /** The same with settings as variables of the environment. */
  static String run(Map<String, String> environment, Object... command) {
    Launched launched = start(environment, command);
    int status = launched.awaitEnd();
    if (status != 0) {
      throw new AssertionError(List.of(command) + " ended with " + status + ": " + launched.text());
    }
    return launched.text();
  }

  /** Of what a command has said, the last line that begins so. */
  static String lastLine(String text, String beginning) {
    return text.lines().filter(line -> line.startsWith(beginning)).reduce("", (a, b) -> b);
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    awaitEnd();
  }

  int awaitEnd() {
    try {
      if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("the command does not end: " + text());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String text() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
