package dev.entrepot.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the settings of this server mean to the framework below. */
public final class FrameworkSettings {
  private final Map<String, String> properties = new LinkedHashMap<>();

  private FrameworkSettings() {}

  /** The properties that follow from the settings, except for those of the database. */
  public static Map<String, String> of(EntrepotConfig settings) {
    var framework = new FrameworkSettings();
    framework.http(settings.http());
    framework.tls(settings.http());
    return framework.properties;
  }

  /** The properties of the pool of connections to this database. */
  public static Map<String, String> of(
      DatabaseConfig settings, String url, String username, String password) {
    var framework = new FrameworkSettings();
    framework.set("quarkus.datasource.jdbc.url", url);
    framework.set("quarkus.datasource.username", username);
    framework.set("quarkus.datasource.password", password);
    framework.set("quarkus.datasource.jdbc.max-size", settings.poolSize());
    framework.set("quarkus.datasource.jdbc.acquisition-timeout", settings.acquireTimeout());
    framework.timeouts(settings);
    framework.migration(url, username, password);
    return framework.properties;
  }

  /** The server gives up a statement first; the driver, when the network swallows even that. */
  private void timeouts(DatabaseConfig settings) {
    String driver = "quarkus.datasource.jdbc.additional-jdbc-properties.";
    long statement = settings.statementTimeout().toMillis();
    set("quarkus.datasource.jdbc.new-connection-sql", "SET statement_timeout = " + statement);
    set(driver + "connectTimeout", Math.max(1, settings.acquireTimeout().toSeconds()));
    set(driver + "socketTimeout", statement == 0 ? 0 : statement / 1000 + 5);
    set(driver + "tcpKeepAlive", true);
  }

  /** With connections of its own, since a migration may take longer than any request. */
  private void migration(String url, String username, String password) {
    set("quarkus.flyway.jdbc-url", url);
    set("quarkus.flyway.username", username);
    set("quarkus.flyway.password", password);
  }

  private void http(HttpConfig http) {
    set("quarkus.http.host", http.host());
    set("quarkus.http.port", http.port());
    set("quarkus.http.idle-timeout", http.idleTimeout());
    set("quarkus.http.limits.max-connections", http.maxConnections());
    set("quarkus.http.limits.max-header-size", http.maxHeaderSize().asLongValue());
    set("quarkus.http.initial-window-size", http.http2StreamWindow().asLongValue());
    set("quarkus.http.http2-connection-window-size", http.http2ConnectionWindow().asLongValue());
    set("quarkus.shutdown.delay", http.shutdownDelay());
    set("quarkus.shutdown.timeout", http.shutdownTimeout());
  }

  private void tls(HttpConfig http) {
    if (http.tls().certificate().isPresent() && http.tls().key().isPresent()) {
      set("quarkus.tls.key-store.pem.0.cert", http.tls().certificate().get().toAbsolutePath());
      set("quarkus.tls.key-store.pem.0.key", http.tls().key().get().toAbsolutePath());
      set("quarkus.http.ssl-port", http.port());
      set("quarkus.http.insecure-requests", "disabled");
    }
  }

  private void set(String name, Object value) {
    properties.put(name, value.toString());
  }
}
