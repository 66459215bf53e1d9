package dev.entrepot.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.entrepot.auth.federation.IssuerKeySource;
import dev.entrepot.auth.federation.IssuerKeys;
import dev.entrepot.auth.federation.IssuerUnavailableException;
import dev.entrepot.auth.federation.TrustedIssuer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What issuers publish of themselves: their discovery documents and keys, kept for a while. One
 * fetch for an issuer is under way at a time, and after one that failed the next waits, so that an
 * issuer that is down costs a login no more than its time-out.
 */
@Singleton
class IssuerDocuments implements IssuerKeySource {
  private static final Logger LOG = Logger.getLogger(IssuerDocuments.class);

  /** Keys are believed for so long without asking again. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  /** Keys are believed for so long when asking again fails. */
  private static final Duration STALE = Duration.ofHours(6);

  /** Tokens that name unknown keys make the issuer be asked no more often than this. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final int MAX_ISSUERS = 1000;

  /** Where keys come from; for whom the tokens are is no matter here. */
  private record Source(String issuer, Optional<String> jwksUri) {}

  private final Cache<Source, Entry> entries =
      Caffeine.newBuilder().maximumSize(MAX_ISSUERS).build();
  private final HttpDocuments http;
  private final ObjectMapper json;
  private final InstantSource clock;

  @Inject
  IssuerDocuments(HttpDocuments http, ObjectMapper json) {
    this(http, json, InstantSource.system());
  }

  IssuerDocuments(HttpDocuments http, ObjectMapper json, InstantSource clock) {
    this.http = http;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public IssuerKeys known(TrustedIssuer issuer) {
    return keys(issuer, FRESH);
  }

  @Override
  public IssuerKeys refreshed(TrustedIssuer issuer) {
    return keys(issuer, Duration.ZERO);
  }

  /**
   * The issuer's discovery document.
   *
   * @throws IssuerUnavailableException when it cannot be had, or is another issuer's
   */
  JsonNode discovery(String issuer) {
    // OpenID Connect Discovery, 4.1: a slash at the end of the issuer is not doubled.
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    JsonNode document = read(URI.create(base + "/.well-known/openid-configuration"));
    if (!issuer.equals(document.path("issuer").asText())) {
      throw unavailable("discovery document of another issuer", issuer, null);
    }
    return document;
  }

  private IssuerKeys keys(TrustedIssuer issuer, Duration maxAge) {
    Entry entry = entries.get(new Source(issuer.issuer(), issuer.jwksUri()), unused -> new Entry());
    entry.lock.lock();
    try {
      Instant now = clock.instant();
      if (entry.keys != null && isWithin(entry.fetchedAt, maxAge, now)
          || isWithin(entry.triedAt, PAUSE, now)) {
        return entry.orThrow(issuer);
      }
      entry.triedAt = now;
      try {
        entry.keys = fetch(issuer);
        entry.fetchedAt = now;
      } catch (IssuerUnavailableException e) {
        LOG.warnf("keys not fetched issuer=%s error=%s", issuer.issuer(), e.getMessage());
        if (!isWithin(entry.fetchedAt, STALE, now)) {
          entry.keys = null;
        }
      }
      return entry.orThrow(issuer);
    } finally {
      entry.lock.unlock();
    }
  }

  private static boolean isWithin(Instant since, Duration duration, Instant now) {
    return since.plus(duration).isAfter(now);
  }

  private IssuerKeys fetch(TrustedIssuer issuer) {
    URI uri =
        URI.create(
            issuer.jwksUri().orElseGet(() -> discovery(issuer.issuer()).path("jwks_uri").asText()));
    try {
      return IssuerKeys.parse(http.get(uri));
    } catch (IOException | IllegalArgumentException e) {
      throw unavailable("keys", issuer.issuer(), e);
    }
  }

  private JsonNode read(URI uri) {
    try {
      return json.readTree(http.get(uri));
    } catch (JsonProcessingException e) {
      throw unavailable("no JSON", uri.toString(), null);
    } catch (IOException | IllegalArgumentException e) {
      throw unavailable("discovery", uri.toString(), e);
    }
  }

  private static IssuerUnavailableException unavailable(
      String what, String where, @Nullable Exception cause) {
    return new IssuerUnavailableException(
        what + " at " + where + (cause == null ? "" : ": " + cause.getMessage()), cause);
  }

  /** What is known of one issuer; guarded by its lock. */
  private static final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable IssuerKeys keys;
    private Instant fetchedAt = Instant.EPOCH;
    private Instant triedAt = Instant.EPOCH;

    private IssuerKeys orThrow(TrustedIssuer issuer) {
      if (keys == null) {
        throw unavailable("keys", issuer.issuer(), null);
      }
      return keys;
    }
  }
}
