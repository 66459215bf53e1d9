package dev.entrepot.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides, in one place, every access to the registry. */
public interface Authorizer {
  /**
   * What of this may the subject do? Answers from memory, for the event loop.
   *
   * @param actions what it wants to do; not empty
   * @param repository canonical name; null for what concerns no repository
   * @return null when it has to be looked up by {@link #decide}
   */
  @Nullable Decision known(Subject subject, Set<Action> actions, @Nullable String repository);

  /**
   * What of this may the subject do? May block.
   *
   * @param actions what it wants to do; not empty
   * @param repository canonical name, of a repository that need not exist; null for what concerns
   *     no repository
   * @return never null; whoever throws denies
   */
  Decision decide(Subject subject, Set<Action> actions, @Nullable String repository);

  /** Allows everything: for a server without accounts, which listens on loopback only. */
  static Authorizer open() {
    return new Open();
  }

  /** Allows everything. */
  final class Open implements Authorizer {
    private Open() {}

    @Override
    public Decision known(Subject subject, Set<Action> actions, @Nullable String repository) {
      return new Decision(actions, Set.of(), true);
    }

    @Override
    public Decision decide(Subject subject, Set<Action> actions, @Nullable String repository) {
      return known(subject, actions, repository);
    }
  }
}
