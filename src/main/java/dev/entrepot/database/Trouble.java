package dev.entrepot.database;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** What an error of the database means for the caller, by its SQLSTATE. */
enum Trouble {
  /** Rolled back because of what others did at the same time: trying again helps. */
  CONFLICT,
  /** The connection is gone, and with it the transaction: another connection may be better. */
  CONNECTION_LOST,
  /** The server cannot do it now: too slow, out of space or memory, read-only. */
  OVERLOADED,
  /** The statement is wrong. */
  FAULT;

  static Trouble of(SQLException error) {
    String state = error.getSQLState();
    if (state == null || state.length() != 5) {
      return CONNECTION_LOST; // the pool or the driver speaks, not the server
    }
    return switch (state) {
      case "40001", "40P01" -> CONFLICT;
      case "23514" -> isMovedPartition(error) ? CONFLICT : FAULT;
      case "57P01", "57P02", "57P03", "57P04", "57P05" -> CONNECTION_LOST;
      case "57014", "55P03", "25006" -> OVERLOADED;
      default ->
          switch (state.substring(0, 2)) {
            case "08" -> CONNECTION_LOST;
            case "53", "58" -> OVERLOADED;
            default -> FAULT;
          };
    };
  }

  /** The partition that a row was meant for was made while it waited; a real check has a name. */
  private static boolean isMovedPartition(SQLException error) {
    return error instanceof PSQLException e
        && e.getServerErrorMessage() != null
        && e.getServerErrorMessage().getConstraint() == null;
  }
}
