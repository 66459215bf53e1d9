package dev.entrepot.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds settings that are well-formed and yet cannot work, alone or together. */
final class SettingsCheck {
  private final List<String> faults = new ArrayList<>();

  private SettingsCheck() {}

  /** One line for each fault, which names the setting and says what to do. */
  static List<String> faults(EntrepotConfig settings) {
    var check = new SettingsCheck();
    check.listening(settings.http(), settings.auth());
    check.publicUrl(settings.http());
    check.auth(settings.auth());
    check.tls(settings.http().tls());
    check.database(settings.database());
    check.limits(settings);
    check.rates(settings.rateLimit());
    check.cleanUp(settings.gc(), settings.trash());
    check.audit(settings.audit());
    StorageCheck.check(settings.storage(), check.faults);
    check.positive("entrepot.auth.max-token-age", settings.auth().maxTokenAge());
    var identity = new IdentityCheck(check.faults);
    identity.check(settings.auth());
    identity.check(settings.http().tls(), settings.auth());
    return check.faults;
  }

  private void listening(HttpConfig http, AuthConfig auth) {
    require(
        http.port() >= 0 && http.port() <= 65_535,
        "entrepot.http.port: must be between 0 and 65535");
    try {
      boolean loopback = InetAddress.getByName(http.host()).isLoopbackAddress();
      require(
          loopback || auth.mode() == AuthConfig.Mode.ON || http.allowUnauthenticated(),
          "entrepot.http.host: "
              + http.host()
              + " can be reached from other machines, and entrepot.auth.mode=off lets anybody"
              + " change everything. Set entrepot.http.allow-unauthenticated=true if that is what"
              + " you want");
    } catch (UnknownHostException e) {
      faults.add("entrepot.http.host: " + http.host() + " is no address of this machine");
    }
  }

  private void publicUrl(HttpConfig http) {
    http.publicUrl()
        .ifPresent(
            url ->
                require(
                    url.matches("https?://[A-Za-z0-9._:\\[\\]-]+/?"),
                    "entrepot.http.public-url: must be like https://registry.example.com"));
  }

  private void auth(AuthConfig auth) {
    require(
        auth.service().matches("[A-Za-z0-9._:-]{1,100}"),
        "entrepot.auth.service: letters, digits and ._:- only");
    require(
        auth.signingKeyPeriod().toHours() >= 2,
        "entrepot.auth.signing-key-period: must be 2 hours or more");
    positive("entrepot.auth.refresh-token-life", auth.refreshTokenLife());
  }

  private void tls(TlsConfig tls) {
    require(
        tls.certificate().isPresent() == tls.key().isPresent(),
        "entrepot.http.tls.certificate and entrepot.http.tls.key: set both, or neither");
    readable("entrepot.http.tls.certificate", tls.certificate());
    readable("entrepot.http.tls.key", tls.key());
    positive("entrepot.http.tls.reload-interval", tls.reloadInterval());
  }

  private void readable(String name, Optional<Path> file) {
    file.ifPresent(path -> require(Files.isReadable(path), name + ": " + path + " cannot be read"));
  }

  private void database(DatabaseConfig database) {
    database
        .url()
        .ifPresent(
            url ->
                require(
                    url.startsWith("jdbc:postgresql:"),
                    "entrepot.database.url: must begin with jdbc:postgresql:"));
    require(
        database.url().isPresent()
            || database.username().isEmpty() && database.password().isEmpty(),
        "entrepot.database.username and entrepot.database.password: only together with"
            + " entrepot.database.url");
    // Two are kept by who reads the changes that other servers make.
    require(database.poolSize() >= 4, "entrepot.database.pool-size: must be 4 or more");
    require(database.maxWaiting() > 0, "entrepot.database.max-waiting: must be more than 0");
    positive("entrepot.database.acquire-timeout", database.acquireTimeout());
  }

  private void limits(EntrepotConfig settings) {
    positive("entrepot.http.idle-timeout", settings.http().idleTimeout());
    positive("entrepot.upload.expiry", settings.upload().expiry());
    require(
        settings.upload().lease().toSeconds() >= 2, "entrepot.upload.lease: must be 2s or more");
    positive("entrepot.upload.sweep-interval", settings.upload().sweepInterval());
    positive("entrepot.quota.fold-interval", settings.quota().foldInterval());
    require(
        settings.upload().bufferSize().asLongValue()
            <= settings.upload().bufferBudget().asLongValue(),
        "entrepot.upload.buffer-size: must not exceed entrepot.upload.buffer-budget");
  }

  private void cleanUp(GcConfig gc, TrashConfig trash) {
    for (var duration :
        Map.of(
                "entrepot.gc.grace", gc.grace(),
                "entrepot.gc.pause", gc.pause(),
                "entrepot.gc.untagged-age", gc.untaggedAge().orElse(Duration.ZERO),
                "entrepot.gc.absent-subject-age", gc.absentSubjectAge(),
                "entrepot.trash.keep", trash.keep())
            .entrySet()) {
      notNegative(duration.getKey(), duration.getValue().toMillis());
    }
    positive("entrepot.gc.interval", gc.interval());
    require(
        gc.batchSize() >= 1 && gc.batchSize() <= 10_000,
        "entrepot.gc.batch-size: must be between 1 and 10000");
  }

  private void audit(AuditConfig audit) {
    require(audit.retention().toDays() >= 1, "entrepot.audit.retention: must be 1 day or more");
    positive("entrepot.audit.seal-interval", audit.sealInterval());
    require(audit.queueSize() > 0, "entrepot.audit.queue-size: must be more than 0");
  }

  private void rates(RateLimitConfig rates) {
    notNegative("entrepot.rate-limit.requests-per-address", rates.requestsPerAddress());
    notNegative("entrepot.rate-limit.requests-per-account", rates.requestsPerAccount());
    notNegative("entrepot.rate-limit.pulls-per-address", rates.pullsPerAddress());
    notNegative("entrepot.rate-limit.pulls-per-account", rates.pullsPerAccount());
    require(
        rates.requestsWindow().toSeconds() > 0,
        "entrepot.rate-limit.requests-window: must be 1s or more");
    require(
        rates.pullsWindow().toSeconds() > 0,
        "entrepot.rate-limit.pulls-window: must be 1s or more");
    require(rates.maxCallers() > 0, "entrepot.rate-limit.max-callers: must be more than 0");
  }

  private void notNegative(String name, long value) {
    require(value >= 0, name + ": must be 0 or more");
  }

  private void positive(String name, Duration value) {
    require(value.isPositive(), name + ": must be more than 0");
  }

  private void require(boolean condition, String fault) {
    if (!condition) {
      faults.add(fault);
    }
  }
}
