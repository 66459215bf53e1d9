package dev.entrepot.event;

import dev.entrepot.auth.Subject;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something for the audit log. What changes the database writes it in the transaction of the
 * change, by {@link #INSERT}, alone or as a part of a larger statement; the rest goes to {@link
 * AuditNotes}. No part of it is ever a secret, nor a text that could be a mistyped one.
 *
 * @param refused whether it was attempted and not done
 * @param namespace the organisation or user whose owner may read of it; null where there is none
 * @param repository canonical name; null where it is about none
 * @param reference what it was done to, as {@code kind} has it: tags, a user's name, …
 * @param count how many of the same this stands for
 * @param detail more of it, by name
 */
public record AuditEvent(
    AuditKind kind,
    boolean refused,
    Actor actor,
    @Nullable String namespace,
    @Nullable String repository,
    @Nullable String reference,
    @Nullable Digest digest,
    long count,
    Map<String, String> detail) {
  /** Takes {@link #arguments}. */
  public static final String INSERT =
      """
      INSERT INTO audit_event (kind, outcome, actor_kind, actor_id, actor, credential, address,
        request_id, namespace, repository, reference, digest, count, detail)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json)
      """;

  public AuditEvent {
    detail = Map.copyOf(detail);
  }

  /** Something done in a repository. */
  public static AuditEvent in(
      String repository,
      AuditKind kind,
      Actor actor,
      @Nullable String reference,
      @Nullable Digest digest) {
    String namespace = RepositoryName.namespaceOf(repository);
    return new AuditEvent(
        kind, false, actor, namespace, repository, reference, digest, 1, Map.of());
  }

  /** Something done elsewhere. */
  public static AuditEvent of(AuditKind kind, Actor actor, @Nullable String reference) {
    return new AuditEvent(kind, false, actor, null, null, reference, null, 1, Map.of());
  }

  /** The same, which was not done. */
  public AuditEvent asRefused() {
    return new AuditEvent(
        kind, true, actor, namespace, repository, reference, digest, count, detail);
  }

  /** The same in a namespace. */
  public AuditEvent below(@Nullable String owner) {
    return new AuditEvent(
        kind, refused, actor, owner, repository, reference, digest, count, detail);
  }

  /** The same, so many times. */
  public AuditEvent times(long times) {
    return new AuditEvent(
        kind, refused, actor, namespace, repository, reference, digest, times, detail);
  }

  /** The same, of which it is not told whom and what it is about. */
  public AuditEvent withoutNames() {
    Actor nobody = new Actor(Subject.ANONYMOUS, "several", "");
    return new AuditEvent(kind, refused, nobody, null, null, null, null, count, Map.of());
  }

  /** The same with this detail. */
  public AuditEvent with(Map<String, String> more) {
    return new AuditEvent(
        kind, refused, actor, namespace, repository, reference, digest, count, more);
  }

  /** Of {@link #INSERT}, and then those of what comes after it in a larger statement. */
  public @Nullable Object[] argumentsAnd(@Nullable Object... more) {
    return Stream.of(arguments(), more).flatMap(Arrays::stream).toArray();
  }

  /** Of {@link #INSERT}. */
  public @Nullable Object[] arguments() {
    return new @Nullable Object[] {
      kind.text(),
      refused ? "refused" : "ok",
      actor.kind(),
      actor.subject().id(),
      actor.name(),
      actor.subject().credential(),
      actor.address(),
      actor.requestId(),
      namespace,
      repository,
      reference,
      digest,
      count,
      detail.isEmpty() ? null : json(detail)
    };
  }

  private static String json(Map<String, String> members) {
    return members.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(member -> quoted(member.getKey()) + ":" + quoted(member.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
