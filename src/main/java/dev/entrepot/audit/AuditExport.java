package dev.entrepot.audit;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Writes the whole log as JSON lines, oldest first. */
public final class AuditExport {
  private static final int FETCH = 1000;

  private AuditExport() {}

  /**
   * Writes it.
   *
   * @param connection not in a transaction; is not written to
   */
  public static void write(Connection connection, PrintStream out) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(EventRows.ALL)) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows = statement.executeQuery()) {
        for (var events = new EventCursor(rows); ; events.advance()) {
          RecordedEvent event = events.current();
          if (event == null) {
            break;
          }
          out.write((event.line() + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      connection.rollback();
    }
  }
}
