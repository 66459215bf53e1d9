package dev.entrepot.tagrule;

import dev.entrepot.database.Database;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.manifest.TagGuard;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes, lists and heeds the rules. */
@Singleton
public class TagRuleService implements TagGuard {
  private final Database database;

  public TagRuleService(Database database) {
    this.database = database;
  }

  /** The lock comes first, so that the rules are read as they are once it is held. */
  @Override
  public void check(Connection transaction, RepositoryId repository, Collection<TagName> tags)
      throws SQLException {
    TagRuleRows.lockShared(transaction, repository);
    for (TagRule rule : TagRuleRows.listOf(transaction, repository)) {
      for (TagName tag : tags) {
        if (rule.pattern().matches(tag)) {
          throw denied(tag, rule);
        }
      }
    }
  }

  private static RegistryException denied(TagName tag, TagRule rule) {
    return new RegistryException(
        ErrorCode.DENIED,
        "tag %s is immutable by rule \"%s\" of %s: it is neither moved nor deleted"
            .formatted(tag.value(), rule.pattern().text(), rule.owner()),
        Map.of(
            "tag", tag.value(),
            "rule", rule.pattern().text(),
            "ruleId", rule.id(),
            "setOn", rule.owner().toString()));
  }

  /**
   * Adds a rule. When this returns it is in force: no transaction that does not heed it is left.
   *
   * @return its id; empty when there is no such owner
   */
  Optional<Long> add(TagRule.Owner owner, TagPattern pattern) {
    return database.transact(
        transaction -> {
          TagRuleRows.lock(transaction, owner);
          return TagRuleRows.insert(transaction, owner, pattern);
        });
  }

  /** Removes a rule of the owner's; false when there is none. */
  boolean remove(TagRule.Owner owner, long id) {
    return database.read(connection -> TagRuleRows.delete(connection, owner, id));
  }

  /** Rules that are set on the owner, in order of their ids, after one of them. */
  List<TagRule> list(TagRule.Owner owner, long after, int limit) {
    return database.read(connection -> TagRuleRows.list(connection, owner, after, limit));
  }
}
