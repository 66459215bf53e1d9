package dev.entrepot.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Goes through events in the order of the log. */
final class EventCursor {
  private final ResultSet rows;
  private @Nullable RecordedEvent current;

  EventCursor(ResultSet rows) throws SQLException {
    this.rows = rows;
    advance();
  }

  /** Null at the end. */
  @Nullable RecordedEvent current() {
    return current;
  }

  void advance() throws SQLException {
    current = rows.next() ? RecordedEvent.read(rows) : null;
  }

  /** The current one; null when it is after the position, or there is none. */
  @Nullable RecordedEvent upTo(Position last) {
    RecordedEvent event = current;
    return event == null || event.position().compareTo(last) > 0 ? null : event;
  }

  /** Goes on with the first one after the position. */
  void skipTo(Position last) throws SQLException {
    while (upTo(last) != null) {
      advance();
    }
  }
}
