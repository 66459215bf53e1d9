package dev.entrepot.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.auth.certificate.CertificateNames;
import dev.entrepot.auth.certificate.CertificateRule;
import dev.entrepot.config.CertificateConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.StartupException;
import dev.entrepot.login.ClientCertificates;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules in the settings. What they come to is remembered for as long as revoking may take. */
@Singleton
class CertificateRules implements ClientCertificates {
  private static final Duration REMEMBERED = Duration.ofSeconds(1);
  private static final int MAX_REMEMBERED = 10_000;

  private static final String FIND =
      """
      SELECT 'USER', account.id FROM namespace
      JOIN user_account account ON account.id = namespace.id
      WHERE namespace.name = ? AND account.disabled_at IS NULL
      UNION ALL
      SELECT 'ROBOT', id FROM robot
      WHERE name = ? AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > now())
      """;

  private final List<CertificateRule> rules;
  private final Database database;
  private final Cache<X509Certificate, Optional<Subject>> subjects =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(REMEMBERED).build();

  CertificateRules(EntrepotConfig config, Database database) {
    this.rules =
        config.auth().certificate().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> rule(entry.getKey(), entry.getValue()))
            .toList();
    this.database = database;
  }

  private static CertificateRule rule(String name, CertificateConfig config) {
    try {
      return new CertificateRule(
          CertificateRule.Kind.valueOf(config.kind().name()), config.pattern(), config.account());
    } catch (IllegalArgumentException e) {
      throw new StartupException(
          "entrepot.auth.certificate." + name + ".pattern: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<Subject> find(X509Certificate certificate) {
    return rules.isEmpty() ? Optional.empty() : subjects.get(certificate, this::read);
  }

  private Optional<Subject> read(X509Certificate certificate) {
    return account(certificate)
        .flatMap(
            name ->
                database.read(
                    connection ->
                        Sql.find(
                            connection,
                            FIND,
                            row ->
                                new Subject(
                                    Subject.Kind.valueOf(row.getString(1)),
                                    row.getLong(2),
                                    name,
                                    "certificate",
                                    Limits.NONE),
                            name,
                            name)));
  }

  private Optional<String> account(X509Certificate certificate) {
    try {
      return CertificateRule.account(rules, CertificateNames.of(certificate));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // names that break their form are nobody's
    }
  }
}
