package dev.entrepot.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Statements to run on one connection. May be run again when the database rolled it back to break a
 * conflict, so it must change nothing but the database.
 *
 * @param <T> what it finds out
 */
@FunctionalInterface
public interface SqlWork<T> {
  T run(Connection connection) throws SQLException;
}
