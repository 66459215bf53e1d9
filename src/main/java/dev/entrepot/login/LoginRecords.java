package dev.entrepot.login;

import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Subject;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.AuditNotes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts, and records in the audit log, what was looked up and not answered from memory, and what
 * was issued. A name that no account has is not recorded: it may be a password in the wrong place.
 */
@Singleton
class LoginRecords {
  private static final int LONGEST = 1000;

  private final MeterRegistry metrics;
  private final AuditNotes notes;

  LoginRecords(MeterRegistry metrics, AuditNotes notes) {
    this.metrics = metrics;
    this.notes = notes;
  }

  /** Somebody proved who they are. */
  void accepted(String method, Subject subject, String address) {
    count(method, "ok");
    notes.note(signIn(subject, address, Map.of("method", method)));
  }

  /** A token that was issued here was found good; its issue has been recorded. */
  void tokenAccepted() {
    count("token", "ok");
  }

  /**
   * Somebody did not.
   *
   * @param subject the account that was meant; null when there is none, or it is not known
   */
  void refused(String method, @Nullable Subject subject, String address) {
    count(method, "refused");
    notes.note(signIn(unproven(subject), address, Map.of("method", method)).asRefused());
  }

  /** Somebody was told to wait. */
  void throttled(@Nullable Subject subject, String address) {
    count("password", "throttled");
    notes.note(
        signIn(
                unproven(subject),
                address,
                Map.of("method", "password", "reason", "too many attempts"))
            .asRefused());
  }

  /** A registry token was issued. */
  void issued(TokenRequest request, Subject subject, List<Access> access) {
    issued(request.grant());
    String held =
        access.stream()
            .filter(one -> !one.actions().isEmpty())
            .map(LoginRecords::text)
            .collect(Collectors.joining(" "));
    notes.note(
        AuditEvent.of(AuditKind.TOKEN_ISSUE, new Actor(subject, request.address(), ""), null)
            .with(
                Map.of(
                    "grant",
                    request.grant(),
                    "access",
                    held.substring(0, Math.min(held.length(), LONGEST)))));
  }

  private static String text(Access access) {
    return access.type()
        + ":"
        + access.name()
        + ":"
        + access.actions().stream().map(Action::text).sorted().collect(Collectors.joining(","));
  }

  private static AuditEvent signIn(Subject subject, String address, Map<String, String> detail) {
    return AuditEvent.of(AuditKind.SIGN_IN, new Actor(subject, address, ""), null).with(detail);
  }

  private static Subject unproven(@Nullable Subject subject) {
    return subject == null
        ? Subject.ANONYMOUS
        : new Subject(subject.kind(), subject.id(), subject.name(), "none", subject.limits());
  }

  private void issued(String grant) {
    Counter.builder("entrepot.tokens.issued")
        .description("Registry tokens issued")
        .tag("grant", grant)
        .register(metrics)
        .increment();
  }

  private void count(String method, String result) {
    Counter.builder("entrepot.logins")
        .description("Credentials that were checked, other than those remembered")
        .tag("method", method)
        .tag("result", result)
        .register(metrics)
        .increment();
  }
}
