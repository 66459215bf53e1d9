package dev.entrepot.audit;

import dev.entrepot.database.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables {@code audit_seal} and {@code audit_key}. */
final class SealRows {
  /** Held by whoever seals or drops, until the end of the transaction. */
  private static final long LOCK = 0x61756469745f6c67L; // any number that nobody else locks

  static final String COLUMNS =
      """
      number, previous, month, era, tx::text, id, events, total, sealed_at, content, kid,
      hash, signature, leaves
      """;

  /** Asked for every second: without the leaves, up to 200 kB that nobody here reads. */
  private static final String LAST =
      "SELECT "
          + COLUMNS.replace("leaves", "NULL::bytea")
          + " FROM audit_seal ORDER BY number DESC LIMIT 1";

  private static final String INSERT =
      """
      INSERT INTO audit_seal (number, previous, month, era, tx, id, events, total, sealed_at,
        content, kid, hash, signature, leaves)
      VALUES (?, ?, ?, ?, ?::text::xid8, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String KEY =
      "SELECT private_key, public_key FROM audit_key ORDER BY created_at DESC LIMIT 1";

  private static final String INSERT_KEY =
      "INSERT INTO audit_key (kid, private_key, public_key) VALUES (?, ?, ?)";

  /**
   * A seal with what only its row has.
   *
   * @param leaves null when its month was dropped, or when they were not asked for
   */
  record Row(Seal seal, byte[] hash, byte[] signature, byte @Nullable [] leaves) {
    /** What names it where it is kept elsewhere. */
    Head head() {
      return new Head(seal.number(), HexFormat.of().formatHex(hash));
    }
  }

  private SealRows() {}

  /** False when another has it: then that one does the work. */
  static boolean tryLock(Connection transaction) throws SQLException {
    return Sql.find(
            transaction, "SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK)
        .orElse(false);
  }

  /** The newest, without its leaves. */
  static Optional<Row> findLast(Connection connection) throws SQLException {
    return Sql.find(connection, LAST, SealRows::read);
  }

  static void insert(Connection transaction, Seal seal, SealKey key, byte[] leaves)
      throws SQLException {
    byte[] hash = seal.hash();
    Sql.update(
        transaction,
        INSERT,
        seal.number(),
        seal.previous(),
        seal.month().toString(),
        seal.last().era(),
        Long.toString(seal.last().tx()),
        seal.last().id(),
        seal.events(),
        seal.total(),
        seal.sealedAt().atOffset(ZoneOffset.UTC),
        seal.content(),
        seal.kid(),
        hash,
        key.sign(hash),
        leaves);
  }

  /** The key that signs now; the first sealer makes it. */
  static SealKey key(Connection transaction) throws SQLException {
    Optional<SealKey> there =
        Sql.find(transaction, KEY, row -> new SealKey(row.getBytes(1), row.getBytes(2)));
    if (there.isPresent()) {
      return there.get();
    }
    SealKey key = SealKey.generate();
    Sql.update(transaction, INSERT_KEY, key.kid(), key.encodedPrivate(), key.encodedPublic());
    return key;
  }

  static Row read(ResultSet row) throws SQLException {
    return new Row(
        new Seal(
            row.getLong(1),
            row.getBytes(2),
            YearMonth.parse(row.getString(3)),
            new Position(row.getInt(4), Long.parseLong(row.getString(5)), row.getLong(6)),
            row.getLong(7),
            row.getLong(8),
            row.getObject(9, OffsetDateTime.class).toInstant(),
            row.getBytes(10),
            row.getString(11)),
        row.getBytes(12),
        row.getBytes(13),
        row.getBytes(14));
  }
}
