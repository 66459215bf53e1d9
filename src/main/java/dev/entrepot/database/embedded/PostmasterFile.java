package dev.entrepot.database.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The lock and status file that a running PostgreSQL keeps in its data directory: process id in the
 * first line, port in the fourth, status in the eighth.
 */
final class PostmasterFile {
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  private final Path data;

  PostmasterFile(Path data) {
    this.data = data;
  }

  /** Whether the process {@code pid} has finished recovery and accepts connections. */
  boolean isReady(long pid) {
    List<String> lines = lines();
    return lines.size() > STATUS_LINE
        && lines.getFirst().strip().equals(Long.toString(pid))
        && lines.get(STATUS_LINE).strip().equals("ready");
  }

  /** The PostgreSQL that runs on these files, left behind by a server that was killed. */
  Optional<ProcessHandle> running() {
    return pid().flatMap(ProcessHandle::of).filter(process -> isOurs(process));
  }

  /**
   * Removes the file when it names a process that is certainly another: ids are used again after a
   * reboot or in a new container, and PostgreSQL would refuse to start.
   */
  void removeIfStale() throws IOException {
    Optional<ProcessHandle> named = pid().flatMap(ProcessHandle::of);
    if (named.isPresent() && !isOurs(named.get())) {
      Files.deleteIfExists(file());
    }
  }

  /** Whether the process runs PostgreSQL on these files; false also for one that is a zombie. */
  boolean isOurs(ProcessHandle process) {
    if (!Files.exists(Path.of("/proc/self/exe"))) {
      String commandLine = process.info().commandLine().orElse("");
      return commandLine.contains("postgres") && commandLine.contains(data.toString());
    }
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    try {
      return Files.readSymbolicLink(proc.resolve("cwd")).equals(data.toRealPath())
          && Files.readSymbolicLink(proc.resolve("exe"))
              .getFileName()
              .toString()
              .startsWith("postgres");
    } catch (IOException e) {
      return false;
    }
  }

  /** Where the process listens; empty when the file does not say yet. */
  Optional<Integer> port() {
    List<String> lines = lines();
    try {
      return lines.size() > PORT_LINE
          ? Optional.of(Integer.valueOf(lines.get(PORT_LINE).strip()))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Optional<Long> pid() {
    try {
      return lines().stream().findFirst().map(line -> Long.valueOf(line.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of(); // absent, or being written
    }
  }

  private Path file() {
    return data.resolve("postmaster.pid");
  }
}
