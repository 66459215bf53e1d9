package dev.entrepot.tagrule;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A rule as the management API shows it. */
@Schema(name = "TagRule")
record ShownTagRule(long id, String pattern, Instant createdAt) {
  static ShownTagRule of(TagRule rule) {
    return new ShownTagRule(rule.id(), rule.pattern().text(), rule.createdAt());
  }
}
