package dev.entrepot.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.entrepot.access.ChangeFeed;
import dev.entrepot.access.Revocations;
import dev.entrepot.auth.Access;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.token.RegistryToken;
import dev.entrepot.auth.token.TokenIssuer;
import dev.entrepot.auth.token.TokenRefusedException;
import dev.entrepot.auth.token.TokenVerifier;
import dev.entrepot.auth.token.Validity;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Seen;
import dev.entrepot.http.InvalidCredentialsException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineStatsCounter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Issues and checks the registry's own tokens. One that was found good is remembered by the header
 * it came in until it expires, and looked at again whenever anything is revoked.
 */
@Singleton
class RegistryTokens {
  /** Of a token. */
  static final Duration LIFE = Duration.ofMinutes(5);

  private static final int ENTRY_OVERHEAD = 1500;

  /** A token that was found good, and the last revision of revocations at which it was. */
  private static final class Verified {
    private final Subject subject;
    private final List<String> names;
    private final Seen seen;
    private final long expiresMillis;
    private volatile long revision;

    Verified(RegistryToken token, long revision) {
      this.subject = token.subject();
      this.names = names(token);
      this.seen = Seen.parse(token.seen());
      this.expiresMillis = token.expiresAt().plus(Validity.MAX_SKEW).toEpochMilli();
      this.revision = revision;
    }
  }

  private final TokenIssuer issuer;
  private final TokenVerifier verifier;
  private final ChangeFeed changes;
  private final Revocations revocations;
  private final Cache<String, Verified> verified;

  RegistryTokens(
      SigningKeys keys,
      ChangeFeed changes,
      Revocations revocations,
      EntrepotConfig config,
      MeterRegistry metrics) {
    String service = config.auth().service();
    InstantSource clock = InstantSource.system();
    this.issuer = new TokenIssuer(service, service, LIFE, keys, clock);
    this.verifier = new TokenVerifier(service, service, keys, clock);
    this.changes = changes;
    this.revocations = revocations;
    this.verified =
        Caffeine.newBuilder()
            .maximumWeight(config.cache().accessBytes().asLongValue() / 4)
            .weigher((String header, Verified token) -> ENTRY_OVERHEAD + header.length())
            .executor(Runnable::run)
            .recordStats(() -> new CaffeineStatsCounter(metrics, "tokens"))
            .build();
  }

  /**
   * Issues one.
   *
   * @param seen what was seen before it was found out who the subject is and what it may do
   */
  TokenIssuer.Issued issue(Subject subject, List<Access> access, Seen seen) {
    return issuer.issue(subject, access, seen.text());
  }

  /**
   * Whose a token is that was found good before; null when it has to be verified.
   *
   * @param header that it came in, as it was given to {@link #verify}
   * @throws InvalidCredentialsException when it was good once
   */
  @Nullable Subject known(String header) {
    Verified token = verified.getIfPresent(header);
    if (token == null || !changes.isCurrent()) {
      return null;
    }
    requireValid(token);
    return token.subject;
  }

  /**
   * Whose a token is. May block, to read keys and changes.
   *
   * @param header what it is remembered by: whole, so that the event loop copies nothing
   * @throws InvalidCredentialsException when it is not good
   */
  Subject verify(String header, String text) {
    if (!changes.isCurrent()) {
      changes.catchUp();
    }
    try {
      Verified token = new Verified(verifier.verify(text), -1);
      requireValid(token);
      verified.put(header, token);
      return token.subject;
    } catch (TokenRefusedException e) {
      throw InvalidCredentialsException.token(
          e.reason() == TokenRefusedException.Reason.EXPIRED
              ? "the token has expired"
              : "the token is not valid");
    }
  }

  private void requireValid(Verified token) {
    if (token.expiresMillis <= System.currentTimeMillis()) {
      throw InvalidCredentialsException.token("the token has expired");
    }
    long revision = revocations.revision();
    if (token.revision != revision) {
      if (revocations.covers(token.names, token.seen)) {
        throw InvalidCredentialsException.token("the token was revoked");
      }
      token.revision = revision;
    }
  }

  /** What a token rests on, as changes name it. */
  private static List<String> names(RegistryToken token) {
    List<String> names = new ArrayList<>();
    names.add(token.subject().account());
    for (String credential : token.subject().credential().split(" ")) {
      names.add("credential:" + credential);
    }
    for (Access access : token.access()) {
      names.add("repository:" + Access.canonical(access.name()));
    }
    return List.copyOf(names);
  }
}
