package dev.entrepot.event;

import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import java.util.Locale;

/**
 * Who does something, and from where: as it is recorded.
 *
 * @param subject the account, and what it has proven itself with
 * @param address of the client; empty for the server itself
 * @param requestId as the answer and the access log have it; empty where there is no request
 */
public record Actor(Subject subject, String address, String requestId) {
  /** The server itself. */
  public static final Actor SYSTEM = new Actor(Subject.ANONYMOUS, "", "");

  /** The server's clean-up. */
  public static final Actor CLEAN_UP =
      new Actor(new Subject(Subject.Kind.ANONYMOUS, 0, "clean-up", "none", Limits.NONE), "", "");

  /** The name, for histories. */
  public String name() {
    return subject.name();
  }

  /** The sort of account, or {@code system}. */
  String kind() {
    return subject.isAnonymous() && address.isEmpty()
        ? "system"
        : subject.kind().name().toLowerCase(Locale.ROOT);
  }
}
