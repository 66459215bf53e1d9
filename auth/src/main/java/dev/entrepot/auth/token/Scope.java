package dev.entrepot.auth.token;

import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in one resource, by the Docker token protocol ("Token Scope
 * Documentation"): {@code type[(class)]:name:action,…}. The name may itself hold a colon ({@code
 * host:5000/app}).
 *
 * @param type {@code repository}, {@code registry}, or one that means nothing here and gets nothing
 * @param resourceClass such as {@code plugin}; has no meaning here
 * @param name as the client writes it; not checked further than its characters
 * @param words the actions as the client writes them, in its order; those that are none get nothing
 */
public record Scope(String type, @Nullable String resourceClass, String name, Set<String> words) {
  static final int MAX_LENGTH = 600;

  private static final Pattern GRAMMAR =
      Pattern.compile(
          "([a-z0-9]{1,32})(?:\\(([a-z0-9]{1,32})\\))?"
              + ":([A-Za-z0-9][A-Za-z0-9._/:-]*)"
              + ":((?:[a-z]{1,32}|\\*)(?:,(?:[a-z]{1,32}|\\*)){0,15})");

  /** What {@code *} stands for in a repository: its content, not who may do what with it. */
  private static final Set<Action> CONTENT =
      EnumSet.of(Action.PULL, Action.PUSH, Action.RETAG, Action.SIGN, Action.DELETE, Action.SCAN);

  /** What comes with a push, for clients that know only pull and push. */
  private static final Set<Action> WITH_PUSH = EnumSet.of(Action.RETAG, Action.SIGN, Action.SCAN);

  public Scope {
    words = Collections.unmodifiableSet(new LinkedHashSet<>(words));
  }

  /**
   * Reads one scope.
   *
   * @throws MalformedScopeException when it breaks the grammar or a limit
   */
  public static Scope parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text);
    if (text.length() > MAX_LENGTH || !matcher.matches()) {
      throw new MalformedScopeException(
          "a scope is type:name:action[,action], at most " + MAX_LENGTH + " characters");
    }
    return new Scope(
        matcher.group(1),
        matcher.group(2),
        matcher.group(3),
        new LinkedHashSet<>(List.of(matcher.group(4).split(","))));
  }

  /** The canonical name of the repository that it is about; empty for anything else. */
  public Optional<String> repository() {
    return type.equals(Access.REPOSITORY) ? Optional.of(Access.canonical(name)) : Optional.empty();
  }

  /** What to look up: the actions named, and those that come with a push. May be none. */
  public Set<Action> asked() {
    Set<Action> asked = named();
    if (asked.contains(Action.PUSH)) {
      asked.addAll(WITH_PUSH);
    }
    return asked;
  }

  /** The token's entry, when of what was asked this is allowed. */
  public Access granted(Set<Action> allowed) {
    Set<Action> named = named();
    named.retainAll(allowed);
    Set<Action> implied = EnumSet.noneOf(Action.class);
    if (named.contains(Action.PUSH)) {
      implied.addAll(WITH_PUSH);
      implied.retainAll(allowed);
      implied.removeAll(named);
    }
    named.addAll(implied);
    return new Access(type, name, named, implied);
  }

  /** As a client writes it, and as a challenge asks for it. */
  @Override
  public String toString() {
    return resource() + ":" + String.join(",", words);
  }

  String resource() {
    return type + (resourceClass == null ? "" : "(" + resourceClass + ")") + ":" + name;
  }

  private Set<Action> named() {
    Set<Action> named = EnumSet.noneOf(Action.class);
    if (type.equals(Access.REGISTRY)) {
      if (name.equals("catalog") && words.contains("*")) {
        named.add(Action.CATALOG);
      }
    } else if (type.equals(Access.REPOSITORY)) {
      words.forEach(word -> Action.find(word).ifPresent(named::add));
      if (words.contains("*")) {
        named.addAll(CONTENT);
      }
      named.removeAll(EnumSet.of(Action.PING, Action.CATALOG));
    }
    return named;
  }
}
