package dev.entrepot.login;

import dev.entrepot.access.ChangeFeed;
import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Authorizer;
import dev.entrepot.auth.Decision;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.token.MalformedScopeException;
import dev.entrepot.auth.token.Scope;
import dev.entrepot.auth.token.Scopes;
import dev.entrepot.auth.token.TokenIssuer;
import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Seen;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.InvalidCredentialsException;
import dev.entrepot.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives registry tokens: what is allowed of what was asked for. */
@Singleton
class TokenService {
  private final ChangeFeed changes;
  private final Authorizer authorizer;
  private final RegistryTokens tokens;
  private final RefreshTokens refreshTokens;
  private final LoginRecords records;
  private final String service;
  private final boolean on;

  TokenService(
      ChangeFeed changes,
      Authorizer authorizer,
      RegistryTokens tokens,
      RefreshTokens refreshTokens,
      LoginRecords records,
      EntrepotConfig config) {
    this.changes = changes;
    this.authorizer = authorizer;
    this.tokens = tokens;
    this.refreshTokens = refreshTokens;
    this.records = records;
    this.service = config.auth().service();
    this.on = config.auth().mode() != AuthConfig.Mode.OFF;
  }

  /**
   * Gives a token. That nothing of what was asked for is allowed is no error: the token then says
   * so.
   *
   * @throws InvalidCredentialsException when nobody has these credentials
   * @throws RegistryException HEADER_INVALID for another service or a malformed scope,
   *     TOO_MANY_REQUESTS, UNAVAILABLE; NOT_FOUND where there are no accounts
   */
  TokenAnswer give(TokenRequest request) {
    if (!on) {
      throw new RegistryException(ErrorCode.NOT_FOUND, "this server has no accounts");
    }
    requireThisService(request.service());
    List<Scope> scopes = parse(request.scopes());
    // In this order: whatever is found out from here on is no older than what the token says that
    // its issuer had seen.
    Seen seen = changes.catchUp();
    Subject subject = request.subject().get();
    if (subject.limits() instanceof Limits.Granted) {
      throw InvalidCredentialsException.token("a registry token cannot be had with another one");
    }
    List<Access> access = scopes.stream().map(scope -> allowed(subject, scope)).toList();
    TokenIssuer.Issued issued = tokens.issue(subject, access, seen);
    records.issued(request, subject, access);
    return new TokenAnswer(
        issued.text(),
        ChronoUnit.SECONDS.between(
            issued.token().issuedAt().truncatedTo(ChronoUnit.SECONDS), issued.token().expiresAt()),
        issued.token().issuedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
        refreshToken(request, subject, seen));
  }

  private @Nullable String refreshToken(TokenRequest request, Subject subject, Seen seen) {
    if (request.refreshToken() != null || !request.offline() || !mayRefresh(subject)) {
      return request.refreshToken();
    }
    return refreshTokens.issue(subject, request.client(), seen).text();
  }

  /** What a job's token gives ends with the job, and what a certificate gives with that. */
  private static boolean mayRefresh(Subject subject) {
    String credential = subject.credential();
    return !subject.isAnonymous()
        && !credential.startsWith("rule:")
        && !credential.equals("certificate");
  }

  private void requireThisService(@Nullable String asked) {
    if (asked != null && !asked.isEmpty() && !asked.equals(service)) {
      throw new RegistryException(
          ErrorCode.HEADER_INVALID,
          "tokens here are for the service " + service,
          Map.of("service", asked));
    }
  }

  private static List<Scope> parse(List<String> parameters) {
    try {
      return Scopes.parse(parameters);
    } catch (MalformedScopeException e) {
      throw new RegistryException(ErrorCode.HEADER_INVALID, String.valueOf(e.getMessage()));
    }
  }

  private Access allowed(Subject subject, Scope scope) {
    Set<Action> asked = scope.asked();
    if (asked.isEmpty()) {
      return scope.granted(Set.of());
    }
    if (asked.contains(Action.CATALOG)) {
      // The list is of all that the account may see, so it is not for a token of a part of that.
      return scope.granted(subject.limits() instanceof Limits.Scoped ? Set.of() : asked);
    }
    return scope
        .repository()
        .flatMap(RepositoryName::tryParse)
        .map(name -> authorizer.decide(subject, asked, name.value()))
        .map(decision -> granted(scope, decision))
        .orElse(scope.granted(Set.of()));
  }

  private static Access granted(Scope scope, Decision decision) {
    Access access = scope.granted(decision.allowed());
    return decision.founds() && !access.actions().isEmpty() ? access.founding() : access;
  }
}
