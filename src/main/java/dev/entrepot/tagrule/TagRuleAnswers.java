package dev.entrepot.tagrule;

import dev.entrepot.management.Answers;
import dev.entrepot.management.Caller;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.PageRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * What the resources of repositories' and organisations' rules have in common: all but the path.
 */
@Singleton
class TagRuleAnswers {
  private final TagRuleService rules;
  private final Caller caller;

  TagRuleAnswers(TagRuleService rules, Caller caller) {
    this.rules = rules;
    this.caller = caller;
  }

  RestResponse<List<ShownTagRule>> list(TagRule.Owner owner, PageRequest page) {
    return page.answer(
        rules.list(owner, page.startNumber(), page.fetch()).stream().map(ShownTagRule::of).toList(),
        ShownTagRule::id);
  }

  RestResponse<ShownTagRule> create(TagRule.Owner owner, NewTagRule rule, UriInfo uri) {
    ShownTagRule made =
        ShownTagRule.of(rules.add(owner, new TagPattern(rule.pattern()), caller.actor()));
    return Answers.created(made, uri, made.id());
  }

  RestResponse<ShownTagRule> get(TagRule.Owner owner, long id) {
    return Answers.tagged(ShownTagRule.of(rules.get(owner, id)));
  }

  void remove(TagRule.Owner owner, long id, @Nullable String ifMatch) {
    rules.remove(owner, id, new IfMatch(ifMatch), caller.actor());
  }
}
