package dev.entrepot.database.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Runs PostgreSQL's programs.
 *
 * @param home the unpacked folder with {@code bin}
 * @param user the identity to run them under
 */
record PostgresPrograms(Path home, PostgresUser user) {
  private static final Duration QUIT_TIMEOUT = Duration.ofSeconds(10);

  /**
   * A session of its own: the interrupt key, and whoever else signals the whole process group,
   * would otherwise stop PostgreSQL under the hands of a server that is still answering.
   */
  private static final List<String> SESSION =
      Stream.of("/usr/bin/setsid", "/bin/setsid")
          .filter(program -> Files.isExecutable(Path.of(program)))
          .limit(1)
          .toList();

  /** Starts a program; its error output is that of {@link Process#getInputStream()}. */
  Process start(List<String> command) throws IOException {
    var all = new ArrayList<String>(SESSION);
    all.addAll(user.command(resolve(command)));
    var builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  /** Runs a program to its end and fails with its last words when it fails. */
  void run(String input, String... command) throws IOException {
    Process process = start(List.of(command));
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = waitFor(process);
    if (status != 0 || output.contains("ERROR:")) {
      throw new EmbeddedPostgresException(
          command[0] + " failed with status " + status + ": " + reason(output));
    }
  }

  /**
   * Stops the postmaster {@code pid}: sessions are ended and a checkpoint is written; when that
   * takes longer than {@code timeout}, without the checkpoint.
   *
   * @param gone whether it has ended
   */
  void stop(long pid, BooleanSupplier gone, Duration timeout) throws IOException {
    signal("INT", pid, gone);
    if (Waiting.until(gone, timeout)) {
      return;
    }
    signal("QUIT", pid, gone);
    if (!Waiting.until(gone, QUIT_TIMEOUT)) {
      throw new EmbeddedPostgresException(
          "PostgreSQL (process " + pid + ") does not stop. Find out why, and end it by hand.");
    }
  }

  /** Java itself can send no other signal than TERM, which would wait for the clients to leave. */
  private void signal(String name, long pid, BooleanSupplier gone) throws IOException {
    try {
      run("", "pg_ctl", "kill", name, Long.toString(pid));
    } catch (EmbeddedPostgresException e) {
      if (!gone.getAsBoolean()) {
        throw e;
      }
    }
  }

  private List<String> resolve(List<String> command) {
    var resolved = new ArrayList<String>(command);
    resolved.set(0, home.resolve("bin").resolve(command.getFirst()).toString());
    return resolved;
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException("Interrupted while a program of PostgreSQL ran", e);
    }
  }

  /** The error where there is one, else the last line. */
  private static String reason(String output) {
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    return lines.stream()
        .filter(line -> line.contains("error:") || line.contains("ERROR:"))
        .findFirst()
        .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
  }
}
