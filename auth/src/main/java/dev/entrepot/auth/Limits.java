package dev.entrepot.auth;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a credential is good for, whatever its owner may do. */
public sealed interface Limits {
  /** No limits but the owner's rights. */
  Limits NONE = new None();

  /** No limits. */
  record None() implements Limits {}

  /**
   * A personal access token of some actions in some repositories.
   *
   * @param actions only these
   * @param repositories only repositories that one of these patterns matches
   */
  record Scoped(Set<Action> actions, List<RepositoryPattern> repositories) implements Limits {
    public Scoped {
      actions = Set.copyOf(actions);
      repositories = List.copyOf(repositories);
    }
  }

  /**
   * A token that this registry has signed: what it holds is allowed, and nothing else. The owner's
   * rights were checked when it was made; whoever loses them loses the token.
   */
  record Granted(List<Access> access) implements Limits {
    public Granted {
      access = List.copyOf(access);
    }

    /** The actions that the token holds in a repository, by its canonical name. */
    public Set<Action> actions(String repository) {
      Set<Action> actions = Set.of();
      for (Access entry : access) {
        if (entry.isFor(repository)) {
          actions = actions.isEmpty() ? entry.actions() : union(actions, entry.actions());
        }
      }
      return actions;
    }

    /** Whether what it holds in a repository rests on there being none. */
    public boolean founds(String repository) {
      return access.stream().anyMatch(entry -> entry.founds() && entry.isFor(repository));
    }

    /** Whether the token lets its holder list repositories. */
    public boolean catalog() {
      return access.stream()
          .anyMatch(
              entry ->
                  entry.type().equals(Access.REGISTRY) && entry.actions().contains(Action.CATALOG));
    }

    /** Whether the repository was asked for when the token was made, and nothing of it allowed. */
    public boolean refuses(String repository) {
      return access.stream().anyMatch(entry -> entry.isFor(repository))
          && actions(repository).isEmpty();
    }

    private static Set<Action> union(Set<Action> one, Set<Action> other) {
      Set<Action> both = EnumSet.noneOf(Action.class);
      both.addAll(one);
      both.addAll(other);
      return both;
    }
  }
}
