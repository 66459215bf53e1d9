package dev.entrepot.audit;

import dev.entrepot.database.Database;
import dev.entrepot.management.Problem;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Shows the log. */
@Singleton
class AuditService {
  static final String LINES = "application/x-ndjson";
  private static final int PAGE = 1000;

  /**
   * The newest seal, with what proves it.
   *
   * @param head as {@code audit verify --head} takes it
   * @param events how many are sealed, from the beginning of the log on
   * @param kid the name of the key
   * @param signature ES256 of the hash, in base64
   * @param publicKey X.509, in base64
   */
  record SignedHead(
      String head, long events, Instant sealedAt, String kid, String signature, String publicKey) {}

  private final Database database;

  AuditService(Database database) {
    this.database = database;
  }

  /** Events before a position, newest first. */
  List<RecordedEvent> newest(AuditFilter filter, Position before, int limit) {
    return database.read(connection -> EventRows.newest(connection, filter, before, limit));
  }

  /** Writes the events after a position that are settled, page by page, oldest first. */
  void export(AuditFilter filter, Position after, OutputStream out) throws IOException {
    Position last = after;
    List<RecordedEvent> page;
    do {
      Position from = last;
      page = database.read(connection -> EventRows.oldest(connection, filter, from, PAGE));
      for (RecordedEvent event : page) {
        out.write((event.line() + "\n").getBytes(StandardCharsets.UTF_8));
        last = event.position();
      }
    } while (page.size() == PAGE);
  }

  /**
   * The newest seal.
   *
   * @throws dev.entrepot.management.ProblemException NOT_FOUND when nothing is sealed yet
   */
  SignedHead head() {
    return database.read(
        connection -> {
          SealRows.Row row =
              SealRows.findLast(connection)
                  .orElseThrow(() -> Problem.NOT_FOUND.with("Nothing is sealed yet"));
          Base64.Encoder base64 = Base64.getEncoder();
          return new SignedHead(
              row.head().toString(),
              row.seal().total(),
              row.seal().sealedAt(),
              row.seal().kid(),
              base64.encodeToString(row.signature()),
              base64.encodeToString(SealRows.key(connection).encodedPublic()));
        });
  }
}
