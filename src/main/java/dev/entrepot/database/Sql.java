package dev.entrepot.database;

import dev.entrepot.storage.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs one statement. Arguments are bound by their type: strings, numbers, {@code byte[]}, {@link
 * Digest} as {@code bytea}, {@link #digests} as {@code bytea[]}, {@link #texts} as {@code text[]},
 * {@code Boolean[]}, null.
 */
public final class Sql {
  /**
   * Reads the row that the cursor is on.
   *
   * @param <T> what it becomes
   */
  @FunctionalInterface
  public interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  private Sql() {}

  /** All rows of a query, or those that a statement returns. Bound them in the statement. */
  public static <T> List<T> list(
      Connection connection, String sql, RowMapper<T> mapper, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, arguments);
        ResultSet rows = statement.executeQuery()) {
      List<T> list = new ArrayList<>();
      while (rows.next()) {
        list.add(mapper.map(rows));
      }
      return list;
    }
  }

  /** The first row; empty when there is none. */
  public static <T> Optional<T> find(
      Connection connection, String sql, RowMapper<T> mapper, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, arguments);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
    }
  }

  /** Whether there is a row. */
  public static boolean exists(Connection connection, String sql, @Nullable Object... arguments)
      throws SQLException {
    return find(connection, sql, row -> true, arguments).isPresent();
  }

  /** Runs a statement without rows; returns how many rows it changed. */
  public static int update(Connection connection, String sql, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, arguments)) {
      return statement.executeUpdate();
    }
  }

  /** Digests as an array argument. */
  public static byte[][] digests(Collection<Digest> digests) {
    return digests.stream().map(Digest::toBytes).toArray(byte[][]::new);
  }

  /** Values, as their {@code toString()} gives them, as an array argument. */
  public static String[] texts(Collection<?> values) {
    return values.stream().map(Object::toString).toArray(String[]::new);
  }

  /** A column's digest. */
  public static Digest digest(ResultSet row, int column) throws SQLException {
    return Digest.fromBytes(row.getBytes(column));
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, @Nullable Object[] arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < arguments.length; i++) {
        bind(connection, statement, i + 1, arguments[i]);
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static void bind(
      Connection connection, PreparedStatement statement, int index, @Nullable Object argument)
      throws SQLException {
    switch (argument) {
      case null -> statement.setNull(index, Types.NULL);
      case byte[] bytes -> statement.setBytes(index, bytes);
      case Digest digest -> statement.setBytes(index, digest.toBytes());
      case byte[][] array -> statement.setArray(index, connection.createArrayOf("bytea", array));
      case String[] array -> statement.setArray(index, connection.createArrayOf("text", array));
      case Boolean[] array -> statement.setArray(index, connection.createArrayOf("bool", array));
      default -> statement.setObject(index, argument);
    }
  }
}
