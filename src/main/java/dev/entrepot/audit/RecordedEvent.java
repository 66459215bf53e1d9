package dev.entrepot.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.entrepot.database.Sql;
import dev.entrepot.storage.Digest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is in the log.
 *
 * @param detail JSON, exactly as it was written
 */
public record RecordedEvent(
    @Schema(name = "key", implementation = String.class) Position position,
    @Schema(implementation = String.class, format = "date-time") OffsetDateTime at,
    String kind,
    String outcome,
    String actorKind,
    long actorId,
    String actor,
    String credential,
    String address,
    String requestId,
    @Nullable String namespace,
    @Nullable String repository,
    @Nullable String reference,
    @Schema(implementation = String.class) @Nullable Digest digest,
    long count,
    @Schema(type = SchemaType.OBJECT) @Nullable String detail) {
  /** What {@link #read} reads. */
  static final String COLUMNS =
      """
      era, tx::text, id, at, kind, outcome, actor_kind, actor_id, actor, credential, address,
      request_id, namespace, repository, reference, digest, count, detail::text
      """;

  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  static RecordedEvent read(ResultSet row) throws SQLException {
    byte[] digest = row.getBytes(16);
    return new RecordedEvent(
        new Position(row.getInt(1), Long.parseLong(row.getString(2)), row.getLong(3)),
        row.getObject(4, OffsetDateTime.class).withOffsetSameInstant(ZoneOffset.UTC),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getLong(8),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getString(13),
        row.getString(14),
        row.getString(15),
        digest == null ? null : Sql.digest(row, 16),
        row.getLong(17),
        row.getString(18));
  }

  /** The month whose partition it is in. */
  YearMonth month() {
    return YearMonth.from(at);
  }

  /**
   * One line of JSON, without its end: what is exported, and, to the byte, what seals are made of.
   * Members are always in this order, and those without a value are left out.
   */
  @JsonValue
  @JsonRawValue
  public String line() {
    StringWriter out = new StringWriter(400);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("key", position.toString());
      json.writeStringField("at", TIME.format(at));
      json.writeStringField("kind", kind);
      json.writeStringField("outcome", outcome);
      json.writeStringField("actorKind", actorKind);
      json.writeNumberField("actorId", actorId);
      json.writeStringField("actor", actor);
      json.writeStringField("credential", credential);
      json.writeStringField("address", address);
      json.writeStringField("requestId", requestId);
      optional(json, "namespace", namespace);
      optional(json, "repository", repository);
      optional(json, "reference", reference);
      optional(json, "digest", digest == null ? null : digest.toString());
      json.writeNumberField("count", count);
      if (detail != null) {
        json.writeFieldName("detail");
        json.writeRawValue(detail);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** SHA-256 of the line in UTF-8. */
  byte[] hash() {
    return Hashes.sha256(line().getBytes(StandardCharsets.UTF_8));
  }

  private static void optional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
