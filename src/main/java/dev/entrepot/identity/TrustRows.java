package dev.entrepot.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.federation.ClaimPattern;
import dev.entrepot.auth.federation.ExternalToken;
import dev.entrepot.auth.federation.TrustRule;
import dev.entrepot.auth.federation.TrustedIssuer;
import dev.entrepot.auth.token.TokenRefusedException;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Issuers whose tokens are exchanged, and whose robot's rights a token then has. */
@Singleton
class TrustRows {
  /** Rules of one issuer beyond these are not looked at. */
  private static final int MAX_RULES = 10_000;

  private static final String FIND_ISSUER =
      "SELECT issuer, audience, jwks_uri FROM trusted_issuer WHERE issuer = ?";

  private static final String LIST_RULES =
      """
      SELECT rule.id, rule.claims::text, robot.id, robot.name
      FROM trusted_issuer issuer
      JOIN trust_rule rule ON rule.issuer_id = issuer.id
      JOIN robot ON robot.id = rule.robot_id
      WHERE issuer.issuer = ? AND robot.name = coalesce(?, robot.name)
        AND robot.disabled_at IS NULL
        AND (robot.expires_at IS NULL OR robot.expires_at > now())
      ORDER BY rule.id LIMIT ?
      """;

  private static final TypeReference<Map<String, String>> CLAIMS = new TypeReference<>() {};

  private record Row(long rule, String claims, long robot, String name) {
    private Subject subject() {
      return new Subject(Subject.Kind.ROBOT, robot, name, "rule:" + rule, Limits.NONE);
    }
  }

  private final Database database;
  private final ObjectMapper json;

  TrustRows(Database database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /** The issuer of exactly this name. */
  Optional<TrustedIssuer> find(String issuer) {
    return database.read(
        connection ->
            Sql.find(
                connection,
                FIND_ISSUER,
                row ->
                    new TrustedIssuer(
                        row.getString(1), row.getString(2), optional(row.getString(3))),
                issuer));
  }

  private static Optional<String> optional(@Nullable String text) {
    return Optional.ofNullable(text);
  }

  /**
   * The robot of the oldest rule that matches the token; disabled and expired robots have none.
   *
   * @param account the robot that it has to be, since whoever owns one may make rules that match
   *     others' tokens too; null when there is only one that it can be
   * @throws TokenRefusedException when several can be meant
   */
  Optional<Subject> robot(ExternalToken token, @Nullable String account) {
    List<Row> rows =
        database.read(
            connection ->
                Sql.list(
                    connection,
                    LIST_RULES,
                    row ->
                        new Row(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4)),
                    token.issuer().issuer(),
                    account,
                    MAX_RULES));
    List<Row> matching =
        rows.stream().filter(row -> rule(token.issuer(), row).matches(token)).toList();
    if (matching.stream().mapToLong(Row::robot).distinct().count() > 1) {
      throw TokenRefusedException.invalid("several robots have rules for it; name one");
    }
    return matching.stream().findFirst().map(Row::subject);
  }

  private TrustRule rule(TrustedIssuer issuer, Row row) {
    try {
      Map<String, ClaimPattern> claims =
          json.readValue(row.claims(), CLAIMS).entrySet().stream()
              .collect(
                  Collectors.toMap(Map.Entry::getKey, claim -> new ClaimPattern(claim.getValue())));
      return new TrustRule(issuer, claims);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("trust rule " + row.rule() + " cannot be read", e);
    }
  }
}
