package dev.entrepot.auth;

/**
 * Who calls, and with what.
 *
 * @param kind what sort of account
 * @param id the account's number; 0 where there is none
 * @param name as it is recorded with what they do, and as clients give it
 * @param credential what they proved it with: {@code password}, {@code token:12}, …; revoking is by
 *     this name
 * @param limits what that credential is good for; the account's own rights bound it as well
 */
public record Subject(Kind kind, long id, String name, String credential, Limits limits) {
  /** A caller that has not said who it is. */
  public static final Subject ANONYMOUS =
      new Subject(Kind.ANONYMOUS, 0, "anonymous", "none", Limits.NONE);

  /** The sorts of accounts. */
  public enum Kind {
    /** No account. */
    ANONYMOUS,
    /** A person. */
    USER,
    /** A program of an organisation. */
    ROBOT
  }

  /** Whether the caller has not said who it is. */
  public boolean isAnonymous() {
    return kind == Kind.ANONYMOUS;
  }

  /** The account's name where its tokens are revoked: {@code user:5}; empty for nobody. */
  public String account() {
    return switch (kind) {
      case ANONYMOUS -> "";
      case USER -> "user:" + id;
      case ROBOT -> "robot:" + id;
    };
  }
}
