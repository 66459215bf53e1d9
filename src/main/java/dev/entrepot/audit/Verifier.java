package dev.entrepot.audit;

import dev.entrepot.event.AuditKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Computes the whole log again and compares it with its seals. Reads one snapshot, so it may run
 * while events come and are sealed.
 */
public final class Verifier {
  private static final int MAX_FAULTS = 20;
  private static final String SEALS =
      "SELECT " + SealRows.COLUMNS + " FROM audit_seal ORDER BY number";
  private final Connection connection;
  private final ZonedDateTime keptFrom;
  private final @Nullable Head kept;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, SealKey> keys = new HashMap<>();
  private final Map<YearMonth, Long> dropped = new TreeMap<>();
  private final TreeSet<YearMonth> droppedByRecord = new TreeSet<>();
  private @Nullable Seal before;
  private @Nullable Head head;
  private boolean keptSeen;
  private long seals;
  private long events;

  private Verifier(Connection connection, ZonedDateTime keptFrom, @Nullable Head kept) {
    this.connection = connection;
    this.keptFrom = keptFrom;
    this.kept = kept;
  }

  /**
   * Verifies the log.
   *
   * @param connection not in a transaction; is not written to
   * @param keptFrom months that were over then may have been dropped
   * @param kept a seal that was there once; null to compare with none
   */
  public static Verification verify(
      Connection connection, ZonedDateTime keptFrom, @Nullable Head kept) throws SQLException {
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      return new Verifier(connection, keptFrom, kept).run();
    } finally {
      connection.rollback();
    }
  }

  private Verification run() throws SQLException {
    readKeys();
    long unsealed = 0;
    try (PreparedStatement sealStatement = statement(SEALS, 20);
        PreparedStatement eventStatement = statement(EventRows.ALL, 1000);
        ResultSet sealRows = sealStatement.executeQuery();
        ResultSet eventRows = eventStatement.executeQuery()) {
      var rest = new EventCursor(eventRows);
      while (sealRows.next()) {
        seal(SealRows.read(sealRows), rest);
      }
      while (rest.current() != null) {
        unsealed++;
        rest.advance();
      }
    }
    dropped.forEach(this::judgeDropped);
    if (kept != null && !keptSeen) {
      judgeKept(kept);
    }
    return new Verification(seals, events, unsealed, dropped.keySet(), head, List.copyOf(faults));
  }

  private PreparedStatement statement(String sql, int fetchSize) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setFetchSize(fetchSize);
    return statement;
  }

  private void readKeys() throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT kid, public_key FROM audit_key");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        keys.put(rows.getString(1), new SealKey(new byte[0], rows.getBytes(2)));
      }
    }
  }

  private void seal(SealRows.Row row, EventCursor rest) throws SQLException {
    Seal seal = row.seal();
    seals++;
    signature(row);
    chain(row);
    byte[] leaves = row.leaves();
    if (leaves == null) {
      dropped.merge(seal.month(), seal.number(), Math::min);
      skipInserted(seal, rest);
    } else if (!Arrays.equals(Hashes.sha256(leaves), seal.content())
        || new Leaves(leaves).count() != seal.events()) {
      fault("seal %d was changed: its events are not those that were sealed", seal.number());
      rest.skipTo(seal.last());
    } else {
      compare(seal, new Leaves(leaves), rest);
    }
    head = row.head();
    if (kept != null && kept.seal() == seal.number()) {
      keptSeen = true;
      if (!kept.equals(head)) {
        fault("seal %d is not the one that was kept: the log was made anew", seal.number());
      }
    }
    before = seal;
  }

  private void signature(SealRows.Row row) {
    Seal seal = row.seal();
    SealKey key = keys.get(seal.kid());
    if (!Arrays.equals(seal.hash(), row.hash())) {
      fault("seal %d was changed", seal.number());
    } else if (key == null || !key.kid().equals(seal.kid())) {
      fault("seal %d is signed with the key %s, which is not there", seal.number(), seal.kid());
    } else if (!key.hasSigned(row.hash(), row.signature())) {
      fault("seal %d is forged: its signature is wrong", seal.number());
    }
  }

  /** Of a month that was dropped only the last seal of each stretch is there. */
  private void chain(SealRows.Row row) {
    Seal seal = row.seal();
    long expected = before == null ? 1 : before.number() + 1;
    if (seal.number() > expected) {
      if (row.leaves() != null) {
        fault("seals %d to %d were removed", expected, seal.number() - 1);
      }
      return;
    }
    byte[] previous = before == null ? Seal.NOTHING_BEFORE : before.hash();
    long total = before == null ? 0 : before.total();
    boolean follows = before == null || seal.last().compareTo(before.last()) > 0;
    if (!Arrays.equals(previous, seal.previous())
        || seal.total() != total + seal.events()
        || !follows) {
      fault("seal %d does not follow the one before it", seal.number());
    }
  }

  private void compare(Seal seal, Leaves leaves, EventCursor rest) throws SQLException {
    int found = 0;
    boolean sound = true;
    while (found < leaves.count() && sound) {
      RecordedEvent event = rest.upTo(seal.last());
      if (event != null && event.position().id() == leaves.id(found)) {
        sound = leaves.isHash(found, event.hash());
        if (!sound) {
          fault("event %s was changed (seal %d)", event.position(), seal.number());
        }
        note(event);
        found++;
        rest.advance();
      } else {
        sound = false;
        if (event == null || leaves.has(event.position().id())) {
          fault("the event with the id %d was removed (seal %d)", leaves.id(found), seal.number());
        } else {
          inserted(event, seal);
        }
      }
    }
    if (sound) {
      skipInserted(seal, rest);
    } else {
      rest.skipTo(seal.last());
    }
    events += found;
  }

  private void note(RecordedEvent event) {
    if (event.kind().equals(AuditKind.AUDIT_DROPPED.text()) && event.reference() != null) {
      droppedByRecord.add(YearMonth.parse(event.reference()));
    }
  }

  private void skipInserted(Seal seal, EventCursor rest) throws SQLException {
    RecordedEvent event = rest.upTo(seal.last());
    if (event != null) {
      inserted(event, seal);
      rest.skipTo(seal.last());
    }
  }

  private void inserted(RecordedEvent event, Seal seal) {
    fault("event %s was inserted (seal %d)", event.position(), seal.number());
  }

  /** The server says in the log that it drops a month; of long ago, that is itself dropped. */
  private void judgeDropped(YearMonth month, long seal) {
    ZonedDateTime end = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC);
    if (end.isAfter(keptFrom) && !droppedByRecord.contains(month)) {
      fault("the events of %s were removed before their time (seal %d)", month, seal);
    }
  }

  private void judgeKept(Head seal) {
    if (head == null || seal.seal() > head.seal()) {
      fault("the log ends before seal %d, which was kept: its end was removed", seal.seal());
    } else {
      fault("seal %d, which was kept, is not there: compare a newer one", seal.seal());
    }
  }

  private void fault(String text, Object... values) {
    if (faults.size() < MAX_FAULTS) {
      faults.add(text.formatted(values));
    }
  }
}
