package dev.entrepot.audit;

import dev.entrepot.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the table {@code audit_event}. */
final class EventRows {
  private static final String SELECT = "SELECT " + RecordedEvent.COLUMNS + " FROM audit_event ";
  private static final String ORDER =
      " ORDER BY audit_event.era %1$s, audit_event.tx %1$s, audit_event.id %1$s";

  /** Oldest first. */
  static final String ALL = SELECT + ORDER.formatted("ASC");

  /**
   * None can come in between any more: whoever goes on after the last of them misses nothing. Those
   * of an era that is over were all committed when it ended.
   */
  private static final String SETTLED =
      """
       AND (tx < pg_snapshot_xmin(pg_current_snapshot())
         OR era < (SELECT max(era) FROM audit_event))
      """;

  private EventRows() {}

  /** Events that match, newest first, before a position. */
  static List<RecordedEvent> newest(
      Connection connection, AuditFilter filter, Position before, int limit) throws SQLException {
    return list(connection, filter, before, "<", "", "DESC", limit);
  }

  /** Events that match and are settled, oldest first, after a position. */
  static List<RecordedEvent> oldest(
      Connection connection, AuditFilter filter, Position after, int limit) throws SQLException {
    return list(connection, filter, after, ">", SETTLED, "ASC", limit);
  }

  private static List<RecordedEvent> list(
      Connection connection,
      AuditFilter filter,
      Position from,
      String comparison,
      String settled,
      String direction,
      int limit)
      throws SQLException {
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(from.era());
    arguments.add(Long.toString(from.tx()));
    arguments.add(from.id());
    String where =
        "WHERE (era, tx, id) " + comparison + " (?, ?::text::xid8, ?)" + filter.sql(arguments);
    arguments.add(limit);
    return Sql.list(
        connection,
        SELECT + where + settled + ORDER.formatted(direction) + " LIMIT ?",
        RecordedEvent::read,
        arguments.toArray());
  }
}
