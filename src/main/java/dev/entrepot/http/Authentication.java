package dev.entrepot.http;

import dev.entrepot.auth.Subject;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sends a request, by its credentials. The registry API declares it; who keeps the
 * accounts fulfils it. A request without credentials is {@link Subject#ANONYMOUS}.
 */
public interface Authentication {
  /**
   * Who sends this? Answers from memory, for the event loop.
   *
   * @return null when it has to be looked up by {@link #identify}
   * @throws InvalidCredentialsException when the credentials are known to be wrong
   */
  @Nullable Subject known(HttpServerRequest request);

  /**
   * Who sends this? May block.
   *
   * @throws InvalidCredentialsException when the credentials are wrong, expired or revoked
   * @throws dev.entrepot.error.RegistryException TOO_MANY_REQUESTS after many wrong ones,
   *     UNAVAILABLE when it cannot be found out
   */
  Subject identify(HttpServerRequest request);

  /** Everybody is nobody: for a server without accounts. */
  static Authentication none() {
    return new None();
  }

  /** Asks nobody. */
  final class None implements Authentication {
    private None() {}

    @Override
    public Subject known(HttpServerRequest request) {
      return Subject.ANONYMOUS;
    }

    @Override
    public Subject identify(HttpServerRequest request) {
      return Subject.ANONYMOUS;
    }
  }
}
