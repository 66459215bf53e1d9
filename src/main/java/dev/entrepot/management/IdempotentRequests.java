package dev.entrepot.management;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.database.Sql;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.hibernate.Session;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request that makes something make it once, however often it is sent with the same key. The
 * key is written in the transaction that makes the thing: of two at once the second waits for the
 * first, and what failed leaves no key behind.
 */
@Singleton
class IdempotentRequests {
  /** Says that the answer is an earlier one. */
  static final String REPLAYED = "Idempotency-Replayed";

  /** How long a key is kept. */
  static final String KEPT = "interval '24 hours'";

  /** Takes an expired key over; changes nothing where there is another. */
  private static final String CLAIM =
      """
      INSERT INTO idempotent_request AS old (caller, key, fingerprint) VALUES (?, ?, ?)
      ON CONFLICT (caller, key) DO UPDATE SET fingerprint = excluded.fingerprint, created_at = now()
      WHERE old.created_at < now() -\s"""
          + KEPT;

  private static final String ANSWER =
      """
      UPDATE idempotent_request SET status = ?, location = ?, etag = ?, body = ?
      WHERE caller = ? AND key = ?
      """;

  private static final String FIND =
      """
      SELECT fingerprint, status, location, etag, body FROM idempotent_request
      WHERE caller = ? AND key = ?
      """;

  /** An answer as it is kept. */
  private record Kept(
      byte[] fingerprint,
      int status,
      @Nullable String location,
      @Nullable String etag,
      @Nullable String body) {}

  private final EntityManager entities;
  private final ObjectMapper json;

  IdempotentRequests(EntityManager entities, ObjectMapper json) {
    this.entities = entities;
    this.json = json;
  }

  /**
   * Makes something, or gives the answer of the request that has.
   *
   * @param fingerprint of what is asked; the same for the same
   * @throws ProblemException KEY_REUSED when the key came with something else; SHOWN_ONCE when the
   *     answer held a secret
   */
  @Transactional(rollbackOn = Exception.class)
  RestResponse<?> once(
      String caller, String key, byte[] fingerprint, Callable<RestResponse<?>> create)
      throws Exception {
    Session session = entities.unwrap(Session.class);
    int claimed =
        session.doReturningWork(
            connection -> Sql.update(connection, CLAIM, caller, key, fingerprint));
    if (claimed == 0) {
      return replay(
          session.doReturningWork(connection -> find(connection, caller, key)), fingerprint);
    }
    RestResponse<?> answer = create.call();
    boolean secret = answer.getHeaderString(HttpHeaders.CACHE_CONTROL) != null;
    String body = secret ? null : json.writeValueAsString(answer.getEntity());
    session.doWork(connection -> keep(connection, caller, key, answer, body));
    return answer;
  }

  private static Kept find(Connection connection, String caller, String key) throws SQLException {
    return Sql.find(
            connection,
            FIND,
            row ->
                new Kept(
                    row.getBytes(1),
                    row.getInt(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5)),
            caller,
            key)
        .orElseThrow(() -> Problem.CONFLICT.with("The key has just expired; send it again"));
  }

  private static RestResponse<?> replay(Kept kept, byte[] fingerprint) {
    if (!Arrays.equals(kept.fingerprint, fingerprint)) {
      throw Problem.KEY_REUSED.with("The key came with another path or body before");
    }
    if (kept.body == null) {
      throw Problem.SHOWN_ONCE.with(
          "It made " + kept.location + "; delete that, and make another with another key");
    }
    return RestResponse.ResponseBuilder.create(RestResponse.Status.fromStatusCode(kept.status))
        .entity(kept.body)
        .type(MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8"))
        .header(HttpHeaders.LOCATION, kept.location)
        .header(HttpHeaders.ETAG, kept.etag)
        .header(REPLAYED, true)
        .build();
  }

  private static void keep(
      Connection connection,
      String caller,
      String key,
      RestResponse<?> answer,
      @Nullable String body)
      throws SQLException {
    Sql.update(
        connection,
        ANSWER,
        answer.getStatus(),
        answer.getHeaderString(HttpHeaders.LOCATION),
        answer.getHeaderString(HttpHeaders.ETAG),
        body,
        caller,
        key);
  }
}
