package dev.entrepot.account.trust;

import dev.entrepot.access.AccessChange;
import dev.entrepot.access.AccessChanges;
import dev.entrepot.account.robot.RobotService;
import dev.entrepot.account.row.TrustRuleRow;
import dev.entrepot.account.row.TrustRuleRows;
import dev.entrepot.account.row.TrustedIssuerRow;
import dev.entrepot.account.row.TrustedIssuerRows;
import dev.entrepot.auth.federation.ClaimPattern;
import dev.entrepot.auth.federation.TrustRule;
import dev.entrepot.auth.federation.TrustedIssuer;
import dev.entrepot.event.AuditKind;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Trail;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rules by which tokens of issuers are robots'. */
@Singleton
@Transactional
public class RuleService {
  private static final int MAX_RULES = 100;
  private static final int MAX_NAME = 255;

  private final TrustRuleRows rules;
  private final TrustedIssuerRows issuerRows;
  private final IssuerService issuers;
  private final RobotService robots;
  private final AccessChanges changes;
  private final Trail trail;

  RuleService(
      TrustRuleRows rules,
      TrustedIssuerRows issuerRows,
      IssuerService issuers,
      RobotService robots,
      AccessChanges changes,
      Trail trail) {
    this.trail = trail;
    this.rules = rules;
    this.issuerRows = issuerRows;
    this.issuers = issuers;
    this.robots = robots;
    this.changes = changes;
  }

  /** A robot's, in the order they were made. */
  public List<Rule> list(String organisation, String robot, long after, int limit) {
    long id = robots.get(organisation, robot).id();
    return rules.find("robotId = ?1 and id > ?2 order by id", id, after).page(0, limit).stream()
        .map(row -> shown(row, issuerRows.findById(row.issuerId)))
        .toList();
  }

  /**
   * One of them.
   *
   * @throws ProblemException NOT_FOUND
   */
  public Rule get(String organisation, String robot, long id) {
    TrustRuleRow row = row(organisation, robot, id);
    return shown(row, issuerRows.findById(row.issuerId));
  }

  /**
   * Makes tokens the robot's.
   *
   * @throws ProblemException NOT_FOUND for the robot or the issuer; INVALID for a rule that asks
   *     for nothing, or cannot be; CONFLICT when the robot has too many
   */
  public Rule create(String organisation, String robot, String issuer, Map<String, String> claims) {
    // So that the issuer is not removed meanwhile.
    TrustedIssuerRow trusted = issuers.row(issuer, LockModeType.PESSIMISTIC_READ);
    check(trusted, claims);
    var row = new TrustRuleRow();
    row.robotId = robots.get(organisation, robot).id();
    row.issuerId = trusted.id;
    row.claims = claims;
    if (rules.count("robotId", row.robotId) >= MAX_RULES) {
      throw Problem.CONFLICT.with("The robot has " + MAX_RULES + " rules already");
    }
    rules.persistAndFlush(row);
    trail.recordBelow(
        organisation,
        AuditKind.TRUST_RULE_ADD,
        robot,
        Map.of("rule", row.id, "issuer", issuer, "claims", claims));
    return shown(row, trusted);
  }

  /**
   * Ends a rule at once, and what was got by it.
   *
   * @throws ProblemException NOT_FOUND; PRECONDITION_FAILED
   */
  public void delete(String organisation, String robot, long id, IfMatch condition) {
    TrustRuleRow row = row(organisation, robot, id);
    condition.require(shown(row, issuerRows.findById(row.issuerId)));
    changes.record(AccessChange.rule(id));
    rules.delete(row);
    trail.recordBelow(organisation, AuditKind.TRUST_RULE_REMOVE, robot, Map.of("rule", id));
  }

  private TrustRuleRow row(String organisation, String robot, long id) {
    return rules
        .find("id = ?1 and robotId = ?2", id, robots.get(organisation, robot).id())
        .firstResultOptional()
        .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such rule"));
  }

  private static void check(TrustedIssuerRow issuer, Map<String, String> claims) {
    try {
      if (claims.keySet().stream().anyMatch(name -> name.isEmpty() || name.length() > MAX_NAME)) {
        throw new IllegalArgumentException("a claim's name has 1 to " + MAX_NAME + " characters");
      }
      new TrustRule(
          new TrustedIssuer(issuer.issuer, issuer.audience, Optional.ofNullable(issuer.jwksUri)),
          claims.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey, claim -> new ClaimPattern(claim.getValue()))));
    } catch (IllegalArgumentException e) {
      throw Problem.INVALID.with("claims: " + e.getMessage());
    }
  }

  private static Rule shown(TrustRuleRow row, TrustedIssuerRow issuer) {
    return new Rule(row.id, issuer.name, new TreeMap<>(row.claims), row.createdAt);
  }
}
