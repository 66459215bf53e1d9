package dev.entrepot.backup;

import dev.entrepot.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tables of a database that a backup has, in an order in which they can be filled. */
final class Tables {
  /**
   * What means nothing in another database: what migrations have run there, transactions by their
   * number there, work and uploads that are under way (their bytes are not kept), what is to be
   * looked at, as all that is new is. Without the keys that sign registry tokens, none of the
   * tokens from before counts, revoked or not; clients get new ones by themselves.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "flyway_schema_history",
          "access_change",
          "content_change",
          "deletion_hold",
          "job",
          "maybe_empty",
          "signing_key",
          "upload",
          "usage_reservation");

  /** Partitions are their table's; generated columns are computed again. */
  private static final String COLUMNS =
      """
      SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      GROUP BY c.relname ORDER BY c.relname
      """;

  private static final String MONTHS =
      """
      SELECT replace(right(part.relname, 7), '_', '-')
      FROM pg_inherits i JOIN pg_class part ON part.oid = i.inhrelid
      WHERE i.inhparent = ?::regclass AND part.relname ~ '_[0-9]{4}_[0-9]{2}$'
      ORDER BY 1
      """;

  private static final String REFERENCES =
      """
      SELECT DISTINCT child.relname, parent.relname
      FROM pg_constraint f JOIN pg_class child ON child.oid = f.conrelid
      JOIN pg_class parent ON parent.oid = f.confrelid
      WHERE f.contype = 'f' AND f.conparentid = 0 AND child.oid <> parent.oid
        AND child.relnamespace = current_schema()::regnamespace
      """;

  /**
   * @param columns without those that the database computes
   */
  record Table(String name, List<String> columns, List<String> months) {
    /** Names of a schema are the migrations', and need no quotes. */
    String columnList() {
      return String.join(", ", columns);
    }
  }

  private Tables() {}

  /** All that a backup has, none before one that it refers to. */
  static List<Table> list(Connection connection) throws SQLException {
    Map<String, Set<String>> parents = new HashMap<>();
    Sql.list(connection, REFERENCES, row -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(
            reference ->
                parents
                    .computeIfAbsent(reference.getKey(), child -> new HashSet<>())
                    .add(reference.getValue()));
    List<Table> rest = new ArrayList<>();
    for (Table table : withColumns(connection)) {
      if (!LEFT_OUT.contains(table.name())) {
        List<String> months = Sql.list(connection, MONTHS, row -> row.getString(1), table.name());
        rest.add(new Table(table.name(), table.columns(), months));
      }
    }
    List<Table> ordered = new ArrayList<>();
    while (!rest.isEmpty()) {
      Set<String> open = new HashSet<>();
      rest.forEach(table -> open.add(table.name()));
      List<Table> ready =
          rest.stream()
              .filter(
                  table ->
                      parents.getOrDefault(table.name(), Set.of()).stream()
                          .noneMatch(open::contains))
              .toList();
      if (ready.isEmpty()) {
        throw new IllegalStateException("tables refer to each other in a circle: " + open);
      }
      ordered.addAll(ready);
      rest.removeAll(ready);
    }
    return ordered;
  }

  private static List<Table> withColumns(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        COLUMNS,
        row ->
            new Table(row.getString(1), List.of((String[]) row.getArray(2).getArray()), List.of()));
  }
}
