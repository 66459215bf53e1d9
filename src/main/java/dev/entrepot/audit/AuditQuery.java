package dev.entrepot.audit;

import dev.entrepot.management.Problem;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Which events a request wants. */
public class AuditQuery {
  /** What was done, such as {@code manifest-push}. */
  @QueryParam("kind")
  @Size(max = 50)
  public @Nullable String kind;

  /** The name of who did it. */
  @QueryParam("actor")
  @Size(max = 255)
  public @Nullable String actor;

  /** Where it was done. */
  @QueryParam("repository")
  @Size(max = 255)
  public @Nullable String repository;

  /** Not before this time, such as {@code 2026-11-21T00:00:00Z}. */
  @QueryParam("from")
  @Size(max = 50)
  public @Nullable String from;

  /** Before this time. */
  @QueryParam("to")
  @Size(max = 50)
  public @Nullable String to;

  AuditFilter filter(@Nullable String namespace) {
    return new AuditFilter(namespace, kind, actor, repository, time(from), time(to));
  }

  /** Where to go on; {@code start} where nothing is said of it. */
  static Position position(@Nullable String after, Position start) {
    return after == null
        ? start
        : Position.tryParse(after)
            .orElseThrow(() -> Problem.INVALID.with("after is no key of this list"));
  }

  private static @Nullable OffsetDateTime time(@Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text);
    } catch (DateTimeException e) {
      throw Problem.INVALID.with("from and to are times like 2026-11-21T00:00:00Z");
    }
  }
}
