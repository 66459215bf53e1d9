package dev.entrepot.server;

import dev.entrepot.audit.AuditExport;
import dev.entrepot.audit.Head;
import dev.entrepot.audit.Verification;
import dev.entrepot.audit.Verifier;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.embedded.RunningPostgres;
import dev.entrepot.error.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code audit verify} and {@code audit export}: read the log in the database of the server that
 * runs, or in that of the data directory when none does.
 */
public final class AuditCommand {
  /** There is something wrong with the log. */
  private static final int FAULTY = 1;

  /** Nothing can be said of the log. */
  private static final int UNABLE = 2;

  private static final String NO_SUCH_TABLE = "42P01";

  private interface Work {
    int run(Connection connection) throws SQLException;
  }

  private AuditCommand() {}

  /** The exit status of the command with these arguments, after {@code audit}. */
  public static int run(List<String> arguments, EntrepotConfig settings) {
    try {
      return run(settings, work(arguments, settings));
    } catch (SQLException e) {
      if (NO_SUCH_TABLE.equals(e.getSQLState())) {
        throw new StartupException("There is no audit log in this database yet.", e);
      }
      throw new StartupException("The audit log cannot be read: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StartupException("The audit log cannot be read: " + e, e);
    }
  }

  /** What a failure to do it is told with. */
  public static int unable() {
    return UNABLE;
  }

  private static Work work(List<String> arguments, EntrepotConfig settings) {
    if (arguments.equals(List.of("export"))) {
      return connection -> {
        AuditExport.write(connection, System.out);
        return 0;
      };
    }
    if (arguments.equals(List.of("verify"))) {
      return connection -> verify(connection, settings, null);
    }
    if (arguments.size() == 3 && arguments.subList(0, 2).equals(List.of("verify", "--head"))) {
      Head kept =
          Head.tryParse(arguments.get(2))
              .orElseThrow(() -> new StartupException("--head is like 12:<64 hexadecimal digits>"));
      return connection -> verify(connection, settings, kept);
    }
    throw new StartupException("audit takes: verify [--head NUMBER:HASH], or export");
  }

  private static int verify(Connection connection, EntrepotConfig settings, @Nullable Head kept)
      throws SQLException {
    ZonedDateTime keptFrom = ZonedDateTime.now(ZoneOffset.UTC).minus(settings.audit().retention());
    Verification found = Verifier.verify(connection, keptFrom, kept);
    System.out.printf(
        "%d events in %d seals, %d not sealed yet%n",
        found.events(), found.seals(), found.unsealed());
    if (!found.dropped().isEmpty()) {
      System.out.println("dropped after their time: " + found.dropped());
    }
    System.out.println("head: " + (found.head() == null ? "none yet" : found.head()));
    found.faults().forEach(fault -> System.out.println("FAULT: " + fault));
    System.out.println(found.isSound() ? "The audit log is sound." : "The audit log is NOT sound.");
    return found.isSound() ? 0 : FAULTY;
  }

  private static int run(EntrepotConfig settings, Work work) throws SQLException, IOException {
    Optional<String> url = settings.database().url();
    if (url.isPresent()) {
      return run(
          url.get(),
          settings.database().username().orElse(""),
          settings.database().password().orElse(""),
          work);
    }
    Path home = settings.dataDir().resolve("postgres");
    if (!Files.exists(home)) {
      throw new StartupException("There is no database in " + settings.dataDir() + ".");
    }
    Optional<RunningPostgres> running = RunningPostgres.find(home);
    if (running.isPresent()) {
      return run(running.get().jdbcUrl(), running.get().username(), running.get().password(), work);
    }
    try (var directory = DataDirectory.take(settings.dataDir());
        var postgres = OwnDatabase.start(settings.database(), directory.path())) {
      return run(postgres.jdbcUrl(), postgres.username(), postgres.password(), work);
    }
  }

  private static int run(String url, String username, String password, Work work)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, username, password)) {
      return work.run(connection);
    }
  }
}
