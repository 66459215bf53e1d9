package dev.entrepot.server;

import dev.entrepot.audit.AuditExport;
import dev.entrepot.audit.Head;
import dev.entrepot.audit.Verification;
import dev.entrepot.audit.Verifier;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.StartupException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code audit verify} and {@code audit export}: read the log in the database of the server that
 * runs, or in that of the data directory when none does.
 */
final class AuditCommand {
  private AuditCommand() {}

  static int run(Arguments arguments, EntrepotConfig settings) throws SQLException, IOException {
    boolean export = arguments.word("export");
    if (!export && !arguments.word("verify")) {
      throw new StartupException("audit takes: verify [--head NUMBER:HASH], or export");
    }
    Optional<Head> kept =
        export ? Optional.empty() : arguments.option("--head").map(AuditCommand::head);
    arguments.end();
    try (var database = ReachedDatabase.find(settings);
        Connection connection = database.connect()) {
      if (export) {
        AuditExport.write(connection, System.out);
        return Command.DONE;
      }
      return verify(connection, settings, kept.orElse(null));
    }
  }

  private static Head head(String text) {
    return Head.tryParse(text)
        .orElseThrow(() -> new StartupException("--head is like 12:<64 hexadecimal digits>"));
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
    return found.isSound() ? Command.DONE : Command.FAULTY;
  }
}
