package dev.entrepot.audit;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted; null is any.
 *
 * @param namespace whose repositories, or what was changed in it
 * @param actor name of who did it
 * @param from not before
 * @param to before
 */
record AuditFilter(
    @Nullable String namespace,
    @Nullable String kind,
    @Nullable String actor,
    @Nullable String repository,
    @Nullable OffsetDateTime from,
    @Nullable OffsetDateTime to) {
  /** All of them. */
  static final AuditFilter ALL = new AuditFilter(null, null, null, null, null, null);

  /** The conditions, each after an AND; their arguments are added. */
  String sql(List<@Nullable Object> arguments) {
    return condition(" AND namespace = ?", namespace, arguments)
        + condition(" AND kind = ?", kind, arguments)
        + condition(" AND actor = ?", actor, arguments)
        + condition(" AND repository = ?", repository, arguments)
        + condition(" AND at >= ?", from, arguments)
        + condition(" AND at < ?", to, arguments);
  }

  private static String condition(
      String sql, @Nullable Object value, List<@Nullable Object> arguments) {
    if (value == null) {
      return "";
    }
    arguments.add(value);
    return sql;
  }
}
