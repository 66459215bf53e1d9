package dev.entrepot.database;

import dev.entrepot.error.RegistryException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table that every change of something adds rows to, so that none is missed and none is
 * read twice, however late it is committed: each time the rows of those transactions that the last
 * time did not see. The table has the columns {@code at}, by {@code clock_timestamp()}, and {@code
 * tx}, by {@code pg_current_xact_id()}.
 *
 * <p>It keeps one connection for itself: so it waits for no request, and as long as the connection
 * lives, the database has not been started again. When it has, transactions may have got the
 * numbers of others that were lost, so then rows are read by their time, too, and some twice.
 *
 * @param <T> what a row says
 */
public final class ChangeStream<T> implements AutoCloseable {
  /** Longer than an answer takes from a database that is there. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** How far clocks may be apart, before and after another server became the database. */
  private static final Duration CLOCKS = Duration.ofSeconds(30);

  private static final String READ =
      """
      SELECT %s, c.tx IS NOT NULL, now.snapshot::text
      FROM (SELECT pg_current_snapshot() AS snapshot) now
      LEFT JOIN %s c ON %s
      ORDER BY c.tx
      """;

  private static final String UNSEEN =
      "c.tx >= ?::text::xid8 AND NOT pg_visible_in_snapshot(c.tx, ?::text::pg_snapshot)";

  private static final String RECENT = "c.at > clock_timestamp() - ? * interval '1 millisecond'";

  /**
   * What was read.
   *
   * @param seen what of the table, and of all others, is older than the next reading
   * @param complete false when so much time has passed that rows may have been deleted unread
   */
  public record Reading<T>(Seen seen, List<T> changes, boolean complete) {}

  private record Row<T>(@Nullable T change, String snapshot) {}

  private final Database database;
  private final String table;
  private final String columns;
  private final int width;
  private final Sql.RowMapper<T> mapper;
  private final Duration first;
  private final Duration kept;

  private @Nullable Connection connection;
  private @Nullable String snapshot;
  private long readAtNanos;

  /**
   * Reads nothing yet.
   *
   * @param columns that {@code mapper} reads, of the table {@code c}
   * @param first how old the rows may be that are read at first
   * @param kept how long rows stay in the table at least
   */
  public ChangeStream(
      Database database,
      String table,
      List<String> columns,
      Sql.RowMapper<T> mapper,
      Duration first,
      Duration kept) {
    this.database = database;
    this.table = table;
    this.columns = String.join(", ", columns);
    this.width = columns.size();
    this.mapper = mapper;
    this.first = first;
    this.kept = kept;
  }

  /**
   * The rows that were committed since the last time that this returned.
   *
   * @throws RegistryException UNAVAILABLE when the database does not answer
   */
  public synchronized Reading<T> read() {
    Connection held = connection;
    if (held != null) {
      try {
        return read(held, false);
      } catch (SQLException e) {
        close(); // another connection may be better
      }
    }
    Connection opened = database.open(TIMEOUT);
    connection = opened;
    try {
      return read(opened, true);
    } catch (SQLException e) {
      close();
      throw database.unavailable(e);
    }
  }

  private Reading<T> read(Connection held, boolean opened) throws SQLException {
    long begin = System.nanoTime();
    String last = snapshot;
    Duration gap = last == null ? first : Duration.ofNanos(begin - readAtNanos).plus(CLOCKS);
    List<Row<T>> rows =
        last == null
            ? list(held, RECENT, gap.toMillis())
            : opened
                ? list(held, "(" + UNSEEN + ") OR " + RECENT, before(last), last, gap.toMillis())
                : list(held, UNSEEN, before(last), last);
    String now = rows.getFirst().snapshot();
    snapshot = now;
    readAtNanos = begin;
    return new Reading<>(
        Seen.parse(now),
        rows.stream().map(Row::change).filter(Objects::nonNull).toList(),
        last == null || gap.compareTo(kept) < 0);
  }

  private List<Row<T>> list(Connection held, String condition, @Nullable Object... arguments)
      throws SQLException {
    return Sql.list(
        held,
        READ.formatted(columns, table, condition),
        row ->
            new Row<>(row.getBoolean(width + 1) ? mapper.map(row) : null, row.getString(width + 2)),
        arguments);
  }

  /** All transactions before this one had ended. */
  private static String before(String snapshot) {
    return snapshot.substring(0, snapshot.indexOf(':'));
  }

  /** Gives the connection up; the next reading opens another. */
  @Override
  public synchronized void close() {
    Optional.ofNullable(connection).ifPresent(Database::abandon);
    connection = null;
  }
}
