package dev.entrepot.login;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what was looked up and not answered from memory, and what was issued. */
@Singleton
class LoginMetrics {
  private final MeterRegistry metrics;

  LoginMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  /** Somebody proved who they are. */
  void accepted(String method) {
    login(method, "ok");
  }

  /** Somebody did not. */
  void refused(String method) {
    login(method, "refused");
  }

  /** Somebody was told to wait. */
  void throttled() {
    login("password", "throttled");
  }

  /** A registry token was issued. */
  void issued(String grant) {
    Counter.builder("entrepot.tokens.issued")
        .description("Registry tokens issued")
        .tag("grant", grant)
        .register(metrics)
        .increment();
  }

  private void login(String method, String result) {
    Counter.builder("entrepot.logins")
        .description("Credentials that were checked, other than those remembered")
        .tag("method", method)
        .tag("result", result)
        .register(metrics)
        .increment();
  }
}
