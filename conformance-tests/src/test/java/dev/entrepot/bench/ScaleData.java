package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * Fills a server's embedded database with repositories, tags and references as pushes would leave
 * them, some thousand times as fast. Every manifest is a real one and has the digest of its bytes;
 * the blobs have rows and no bytes.
 *
 * <p>Each repository has {@link #TAGS} tags, each of an image of its own: a config that no other
 * image has, a layer that a thousandth of all images share, and three of the repository's layers.
 */
final class ScaleData {
  static final int TAGS = 100;
  static final int REFERENCES = 5;
  static final int TEAMS = 1000;
  private static final int BATCH = 250;

  /** Digests as the tables have them: one byte for SHA-256, then the hash. */
  private static final String IMAGES =
      """
      CREATE TEMPORARY TABLE image ON COMMIT DROP AS
      SELECT repository, number, children, content, '\\x01'::bytea || sha256(content) AS digest
      FROM (
        SELECT repository, number, children, convert_to(
            '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":'
            || '{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:'
            || encode(substr(children[1], 2), 'hex') || '","size":1500},"layers":['
            || (SELECT string_agg(
                '{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:'
                || encode(substr(layer, 2), 'hex') || '","size":20000000}', ',')
                FROM unnest(children[2:]) AS layer) || ']}', 'UTF8') AS content
        FROM (
          SELECT repository, number, ARRAY[
            '\\x01'::bytea || sha256(convert_to('config ' || repository || ' ' || number, 'UTF8')),
            '\\x01'::bytea || sha256(convert_to('base ' || mod(number * 7 + repository, 1000), 'UTF8')),
            '\\x01'::bytea || sha256(convert_to('layer ' || repository || ' ' || mod(number, 7), 'UTF8')),
            '\\x01'::bytea || sha256(convert_to('layer ' || repository || ' ' || 7 + mod(number, 5), 'UTF8')),
            '\\x01'::bytea || sha256(convert_to('layer ' || repository || ' ' || 12 + mod(number, 9), 'UTF8'))
          ] AS children
          FROM generate_series(%d, %d) AS repository, generate_series(0, %d) AS number) AS numbers) AS images
      """;

  /** In the order of their indexes, so that filling costs about as much at any size. */
  private static final List<String> ROWS =
      List.of(
          """
          CREATE TEMPORARY TABLE child ON COMMIT DROP AS
          SELECT DISTINCT repository, child FROM image, unnest(children) AS child
          """,
          """
          INSERT INTO blob (digest, storage_key, size)
          SELECT DISTINCT child, 'blobs/sha256/' || left(encode(substr(child, 2), 'hex'), 2) || '/'
            || encode(substr(child, 2), 'hex') || '.0', 20000000
          FROM child ORDER BY child ON CONFLICT DO NOTHING
          """,
          """
          INSERT INTO blob_holder (digest, repository_id)
          SELECT child, repository FROM child ORDER BY child
          """,
          """
          INSERT INTO repository_blob (repository_id, digest)
          SELECT repository, child FROM child ORDER BY repository, child
          """,
          """
          INSERT INTO manifest (repository_id, digest, media_type, content)
          SELECT repository, digest, 'application/vnd.oci.image.manifest.v1+json', content
          FROM image ORDER BY repository, digest
          """,
          """
          INSERT INTO manifest_reference (repository_id, parent, child, child_is_manifest)
          SELECT repository, digest, child, false FROM image, unnest(children) AS child
          ORDER BY repository, child, digest
          """,
          """
          INSERT INTO tag (repository_id, name, digest)
          SELECT repository, 'v' || lpad(number::text, 4, '0'), digest
          FROM image ORDER BY repository, number
          """);

  private final Path postgres;

  /**
   * @param data the server's data directory; the server runs
   */
  ScaleData(Path data) {
    this.postgres = data.resolve("postgres");
  }

  static String repository(int number) {
    return String.format(Locale.ROOT, "team-%03d/app-%06d", number % TEAMS, number);
  }

  static String tag(int number) {
    return String.format(Locale.ROOT, "v%04d", number);
  }

  /**
   * Adds what is missing of the repositories up to this number, and nothing to what is there.
   *
   * @return how many it has added
   */
  int fill(int last) throws SQLException, IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      int first = 1 + (int) number(statement, "SELECT coalesce(max(id), 0) FROM repository");
      if (first > last) {
        return 0;
      }
      // Not the server's checks, but the work of looking up what this has just written itself.
      statement.execute("SET session_replication_role = replica");
      statement.execute("SET synchronous_commit = off");
      statement.execute("SET work_mem = '128MB'");
      connection.setAutoCommit(false);
      for (int from = first; from <= last; from += BATCH) {
        int to = Math.min(last, from + BATCH - 1);
        statement.execute(
            """
            INSERT INTO repository (id, name) OVERRIDING SYSTEM VALUE
            SELECT n, 'team-' || lpad(mod(n, 1000)::text, 3, '0') || '/app-' || lpad(n::text, 6, '0')
            FROM generate_series(%d, %d) AS n
            """
                .formatted(from, to));
        statement.execute(IMAGES.formatted(from, to, TAGS - 1));
        for (String rows : ROWS) {
          statement.execute(rows);
        }
        connection.commit();
      }
      statement.execute("ALTER TABLE repository ALTER COLUMN id RESTART WITH " + (last + 1));
      connection.commit();
      connection.setAutoCommit(true);
      statement.execute("VACUUM (ANALYZE)"); // what the server's own autovacuum does with time
      statement.execute("CHECKPOINT");
      return last + 1 - first;
    }
  }

  /** The size of the database's files in bytes. */
  long bytes() throws SQLException, IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return number(statement, "SELECT pg_database_size(current_database())");
    }
  }

  /** Takes clean-up away from whoever is at it: it goes on here within a second. */
  void cleanUpFrom(String progress) throws SQLException, IOException {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                UPDATE job SET progress = ?, fence = fence + 1, holder = NULL, lease_until = NULL,
                  last_ended = NULL
                WHERE name = 'clean-up'
                """)) {
      statement.setString(1, progress);
      statement.executeUpdate();
    }
  }

  /** A digest that so many parts of a thousand of all blobs are before, as clean-up notes it. */
  static String digest(int thousandth) {
    return String.format(Locale.ROOT, "01%04x", thousandth * 0x10000 / 1000);
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private Connection connect() throws SQLException, IOException {
    String port = Files.readAllLines(postgres.resolve("data/postmaster.pid")).get(3).strip();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/entrepot?sslmode=disable&gssEncMode=disable",
        "entrepot",
        Files.readString(postgres.resolve("password")).strip());
  }
}
