package dev.entrepot.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The processes of a server's embedded PostgreSQL. */
final class PostgresProcesses {
  private PostgresProcesses() {}

  /** The first process of the PostgreSQL that the server started, then its children. */
  static List<ProcessHandle> of(long server) {
    ProcessHandle first =
        ProcessHandle.of(server).stream()
            .flatMap(ProcessHandle::descendants)
            .filter(PostgresProcesses::isPostgres)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no PostgreSQL below " + server));
    return Stream.concat(Stream.of(first), first.children()).toList();
  }

  /**
   * To be closed last: ends a PostgreSQL that is still there because its server was killed and the
   * test did not get as far as starting it again.
   */
  static Remains remainsIn(Path dataDirectory) {
    return () -> {
      try {
        Path pidFile = dataDirectory.resolve("postgres/data/postmaster.pid");
        long pid = Long.parseLong(Files.readString(pidFile, UTF_8).lines().findFirst().orElse(""));
        ProcessHandle.of(pid).filter(PostgresProcesses::isPostgres).ifPresent(Remains::end);
      } catch (NoSuchFileException e) {
        // Nothing remains.
      } catch (IOException | NumberFormatException e) {
        System.out.println("no process id of PostgreSQL: " + e);
      }
    };
  }

  private static boolean isPostgres(ProcessHandle handle) {
    return handle.info().command().filter(command -> command.endsWith("/postgres")).isPresent();
  }

  /** What a killed server left. */
  interface Remains extends AutoCloseable {
    @Override
    void close();

    private static void end(ProcessHandle postgres) {
      List<ProcessHandle> children = postgres.children().toList();
      postgres.destroyForcibly();
      Stream.concat(Stream.of(postgres), children.stream())
          .forEach(each -> each.onExit().completeOnTimeout(each, 10, TimeUnit.SECONDS).join());
    }
  }
}
