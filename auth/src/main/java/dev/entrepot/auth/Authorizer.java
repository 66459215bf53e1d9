package dev.entrepot.auth;

import org.jspecify.annotations.Nullable;

/** Decides, in one place, every access to the registry. Called on the event loop: never blocks. */
@FunctionalInterface
public interface Authorizer {
  /**
   * May the subject do this?
   *
   * @param repository canonical name; null for what concerns no repository
   * @return never null; whoever throws denies
   */
  Decision decide(Subject subject, Action action, @Nullable String repository);

  /** Allows everything: for a server without accounts, which listens on loopback only. */
  static Authorizer open() {
    return (subject, action, repository) -> Decision.ALLOW;
  }
}
