package dev.entrepot.database.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What PostgreSQL says: written to a file of bounded size with one predecessor, its last lines kept
 * for error messages. PostgreSQL's own collector bounds age but not size.
 */
final class PostgresLog {
  private static final long MAX_FILE_SIZE = 1 << 20;
  private static final int TAIL_LINES = 20;

  private final Path file;
  private final Deque<String> tail = new ArrayDeque<>();

  PostgresLog(Path file) {
    this.file = file;
  }

  /** Copies the stream until it ends, on a thread of its own. */
  Thread follow(InputStream stream) {
    return Thread.ofPlatform().daemon().name("postgres-log").start(() -> copy(stream));
  }

  private void copy(InputStream stream) {
    try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        remember(line);
        append(line);
      }
    } catch (IOException e) {
      remember("The output of PostgreSQL broke off: " + e);
    }
  }

  /** The last lines, oldest first. */
  synchronized List<String> tail() {
    return List.copyOf(tail);
  }

  /** The line that most likely says why PostgreSQL ended. */
  String reason() {
    List<String> lines = tail();
    return lines.reversed().stream()
        .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
        .findFirst()
        .or(() -> lines.reversed().stream().findFirst())
        .orElse("it said nothing");
  }

  /** Begins anew, before the next start. */
  synchronized void forget() {
    tail.clear();
  }

  private synchronized void remember(String line) {
    if (tail.size() == TAIL_LINES) {
      tail.removeFirst();
    }
    tail.addLast(line);
  }

  private synchronized void append(String line) {
    try {
      if (Files.exists(file) && Files.size(file) > MAX_FILE_SIZE) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // A full disk must not stop PostgreSQL: its output has to be read on.
      tail.addLast("The log file could not be written: " + e);
    }
  }
}
