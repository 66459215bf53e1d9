package dev.entrepot.gc;

import dev.entrepot.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What is to become of a blob or manifest of a repository.
 *
 * @param needed whether anything needs it
 * @param condemned whether nothing needed it before
 * @param due whether that was long enough ago
 */
record Verdict(Key key, boolean needed, boolean condemned, boolean due) {
  /** Reads the columns repository_id, digest, needed, condemned, due. */
  static Verdict read(ResultSet row) throws SQLException {
    return new Verdict(
        new Key(row.getLong(1), Sql.digest(row, 2)),
        row.getBoolean(3),
        row.getBoolean(4),
        row.getBoolean(5));
  }

  boolean isToCondemn() {
    return !needed && !condemned;
  }

  boolean isToRevive() {
    return needed && condemned;
  }

  boolean isToRemove() {
    return !needed && due;
  }
}
