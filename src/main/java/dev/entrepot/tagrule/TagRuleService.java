package dev.entrepot.tagrule;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.manifest.TagGuard;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Makes, lists and heeds the rules. */
@Singleton
public class TagRuleService implements TagGuard {
  /** Each move of a tag reads all rules that hold there. */
  static final int MAX_RULES = 100;

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
   * @throws ProblemException NOT_FOUND for the owner; CONFLICT when it has such a rule, or as many
   *     as it may have
   */
  TagRule add(TagRule.Owner owner, TagPattern pattern, Actor actor) {
    return database.transact(
        transaction -> {
          long id = ownerId(transaction, owner);
          TagRuleRows.lock(transaction, owner);
          if (TagRuleRows.count(transaction, owner.kind(), id) >= MAX_RULES) {
            throw Problem.CONFLICT.with("There are " + MAX_RULES + " rules, which is the most");
          }
          TagRule added =
              TagRuleRows.insert(transaction, owner, id, pattern)
                  .orElseThrow(() -> Problem.CONFLICT.with("There is a rule of that pattern"));
          record(transaction, AuditKind.TAG_RULE_ADD, added, actor);
          return added;
        });
  }

  /**
   * A rule that is set on the owner.
   *
   * @throws ProblemException NOT_FOUND
   */
  TagRule get(TagRule.Owner owner, long id) {
    return database.read(connection -> get(connection, owner, id));
  }

  /**
   * Removes a rule that is set on the owner.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  void remove(TagRule.Owner owner, long id, IfMatch condition, Actor actor) {
    database.transact(
        transaction -> {
          TagRule rule = get(transaction, owner, id);
          condition.require(ShownTagRule.of(rule));
          TagRuleRows.delete(transaction, id);
          record(transaction, AuditKind.TAG_RULE_REMOVE, rule, actor);
          return true;
        });
  }

  /**
   * Rules that are set on the owner, in order of their ids, after one of them.
   *
   * @throws ProblemException NOT_FOUND for the owner
   */
  List<TagRule> list(TagRule.Owner owner, long after, int limit) {
    return database.read(
        connection ->
            TagRuleRows.list(connection, owner.kind(), ownerId(connection, owner), after, limit));
  }

  private static void record(Connection transaction, AuditKind kind, TagRule rule, Actor actor)
      throws SQLException {
    String pattern = rule.pattern().text();
    AuditEvent event =
        switch (rule.owner().kind()) {
          case REPOSITORY -> AuditEvent.in(rule.owner().name(), kind, actor, pattern, null);
          case NAMESPACE -> AuditEvent.of(kind, actor, pattern).below(rule.owner().name());
        };
    Sql.update(transaction, AuditEvent.INSERT, event.arguments());
  }

  private static TagRule get(Connection connection, TagRule.Owner owner, long id)
      throws SQLException {
    return TagRuleRows.find(connection, owner.kind(), ownerId(connection, owner), id)
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such rule"));
  }

  private static long ownerId(Connection connection, TagRule.Owner owner) throws SQLException {
    return TagRuleRows.ownerId(connection, owner)
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no " + owner));
  }
}
