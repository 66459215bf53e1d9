package dev.entrepot.http;

import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Decision;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to say to who may not do what they asked for. The one place, because clients act on it: they
 * log in, or fetch a wider token, on 401 and on nothing else, and what somebody may not read has to
 * look exactly like what is not there.
 */
@Singleton
final class Refusals {
  private final Challenge challenge;

  Refusals(Challenge challenge) {
    this.challenge = challenge;
  }

  /** To credentials that are wrong. */
  RegistryException invalid(Exchange exchange, Action action, InvalidCredentialsException e) {
    return unauthorized(
        exchange, action, String.valueOf(e.getMessage()), e.isToken() ? "invalid_token" : null);
  }

  /**
   * To a caller who is known, as far as they have said who they are.
   *
   * @param repository canonical name of the path's; null where there is none
   */
  RegistryException denied(
      Exchange exchange, Action action, @Nullable String repository, Decision decision) {
    Subject subject = exchange.subject();
    boolean hides = action == Action.PULL && repository != null;
    if (subject.limits() instanceof Limits.Granted granted) {
      boolean asked = repository != null && granted.refuses(repository) && !subject.isAnonymous();
      return hides && asked
          ? unknown(repository)
          : unauthorized(exchange, action, "the token does not allow this", "insufficient_scope");
    }
    if (subject.isAnonymous()) {
      return unauthorized(exchange, action, ErrorCode.UNAUTHORIZED.message(), null);
    }
    return hides && !decision.visible()
        ? unknown(repository)
        : new RegistryException(ErrorCode.DENIED);
  }

  /** As {@link dev.entrepot.error.ErrorCode#NAME_UNKNOWN} is told of what is not there. */
  private static RegistryException unknown(@Nullable String repository) {
    return new RegistryException(
        ErrorCode.NAME_UNKNOWN,
        ErrorCode.NAME_UNKNOWN.message(),
        Map.of("name", String.valueOf(repository)));
  }

  private RegistryException unauthorized(
      Exchange exchange, Action action, String message, @Nullable String error) {
    return new RegistryException(
        ErrorCode.UNAUTHORIZED,
        message,
        null,
        Map.of(
            "WWW-Authenticate",
            challenge.bearer(exchange.request(), scope(exchange, action), error)));
  }

  /** What a token has to hold for this; null where any token will do. */
  private static @Nullable String scope(Exchange exchange, Action action) {
    String name = exchange.path().name();
    return switch (action) {
      case PING -> null;
      case CATALOG -> Access.REGISTRY + ":catalog:*";
      case PUSH -> Access.REPOSITORY + ":" + name + ":pull,push";
      default -> Access.REPOSITORY + ":" + name + ":" + action.text();
    };
  }
}
