package dev.entrepot.server;

import dev.entrepot.config.Settings;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.StorageException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What the program can do instead of serving, by the first of its arguments. */
public final class Commands {
  private static final Map<String, Command> ALL =
      Map.of(
          "adopt", AdoptCommand::run,
          "audit", AuditCommand::run,
          "backup", BackupCommand::run,
          "blobs", BlobsCommand::run,
          "rebuild", RebuildCommand::run,
          "restore", RestoreCommand::run);

  private static final String NO_SUCH_TABLE = "42P01";

  private Commands() {}

  /** The exit status of the command with these arguments; says itself why it failed. */
  public static int run(String name, List<String> arguments) {
    try {
      Command command = ALL.get(name);
      if (command == null) {
        throw new StartupException("there is no command " + name + "; ./entrepot help lists them");
      }
      return run(command, new Arguments(arguments));
    } catch (RuntimeException e) {
      FailureReport.print(e);
      return Command.UNABLE;
    }
  }

  private static int run(Command command, Arguments arguments) {
    try {
      return command.run(arguments, Settings.load());
    } catch (SQLException e) {
      throw new StartupException(
          NO_SUCH_TABLE.equals(e.getSQLState())
              ? "There is no table in this database yet that would be needed: " + e.getMessage()
              : "The database cannot be read or written: " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new StartupException("A file cannot be read or written: " + e, e);
    } catch (StorageException e) {
      throw new StartupException(
          "The store cannot be used: "
              + e.getMessage()
              + (e.getCause() == null ? "" : " (" + e.getCause() + ")"),
          e);
    }
  }
}
