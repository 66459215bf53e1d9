package dev.entrepot.account.trust;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.row.TrustRuleRows;
import dev.entrepot.account.row.TrustedIssuerRow;
import dev.entrepot.account.row.TrustedIssuerRows;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Trail;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The issuers that are trusted. By itself that is good for nothing: rules say for what. */
@Singleton
@Transactional
public class IssuerService {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final TrustedIssuerRows issuers;
  private final TrustRuleRows rules;
  private final AccessChanges changes;
  private final Trail trail;

  IssuerService(
      TrustedIssuerRows issuers, TrustRuleRows rules, AccessChanges changes, Trail trail) {
    this.trail = trail;
    this.issuers = issuers;
    this.rules = rules;
    this.changes = changes;
  }

  /** Issuers in the order of their names. */
  public List<Issuer> list(String after, int limit) {
    return issuers.find("name > ?1 order by name", after).page(0, limit).stream()
        .map(IssuerService::shown)
        .toList();
  }

  /**
   * The issuer of a name.
   *
   * @throws ProblemException NOT_FOUND
   */
  public Issuer get(String name) {
    return shown(row(name, LockModeType.NONE));
  }

  /**
   * Trusts an issuer.
   *
   * @throws ProblemException CONFLICT when there is one of the name, or it has another name;
   *     INVALID
   */
  public Issuer create(NewIssuer issuer) {
    checkAddress("issuer", issuer.issuer());
    checkAddress("jwksUri", issuer.jwksUri());
    var row = new TrustedIssuerRow();
    row.name = issuer.name();
    row.issuer = issuer.issuer();
    row.audience = issuer.audience();
    row.jwksUri = issuer.jwksUri();
    issuers.persistAndFlush(row);
    trail.record(AuditKind.ISSUER_CREATE, row.name, Map.of("issuer", row.issuer));
    return shown(row);
  }

  /**
   * Changes the settings; registry tokens got with the issuer's are not valid any more.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED; INVALID
   */
  public Issuer change(String name, UnaryOperator<IssuerSettings> change, IfMatch condition) {
    TrustedIssuerRow row = row(name, LockModeType.PESSIMISTIC_WRITE);
    condition.require(shown(row));
    IssuerSettings after = change.apply(new IssuerSettings(row.audience, row.jwksUri));
    checkAddress("jwksUri", after.jwksUri());
    row.audience = after.audience();
    row.jwksUri = after.jwksUri();
    revoke(row);
    trail.record(AuditKind.ISSUER_CHANGE, name, Map.of("audience", row.audience));
    return shown(row);
  }

  /**
   * Trusts an issuer no more; its rules go, and what was got by them ends.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public void delete(String name, IfMatch condition) {
    TrustedIssuerRow row = row(name, LockModeType.PESSIMISTIC_WRITE);
    condition.require(shown(row));
    revoke(row);
    issuers.delete(row);
    trail.record(AuditKind.ISSUER_DELETE, row.name, Map.of());
  }

  private void revoke(TrustedIssuerRow issuer) {
    rules.stream("issuerId", issuer.id).forEach(rule -> changes.record(AccessChange.rule(rule.id)));
  }

  /** The row of a name, locked against others who lock it too. */
  TrustedIssuerRow row(String name, LockModeType lock) {
    return issuers
        .find("name", name)
        .withLock(lock)
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such issuer"));
  }

  /** Keys that came in the clear would be anybody's. */
  private static void checkAddress(String property, @Nullable String address) {
    if (address != null && !isSafe(address)) {
      throw Problem.INVALID.with(property + " is an address with https, and http on this machine");
    }
  }

  private static boolean isSafe(String address) {
    try {
      URI uri = new URI(address);
      return uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getFragment() == null
          && ("https".equals(uri.getScheme())
              || "http".equals(uri.getScheme()) && THIS_MACHINE.contains(uri.getHost()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static Issuer shown(TrustedIssuerRow row) {
    return new Issuer(row.name, row.issuer, row.audience, row.jwksUri, row.createdAt);
  }
}
