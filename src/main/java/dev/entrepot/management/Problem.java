package dev.entrepot.management;

/** The one table of what the management API refuses, and why. Answered as RFC 9457 has it. */
public enum Problem {
  INVALID(400, "The request is malformed"),
  UNAUTHORIZED(401, "Authentication is required"),
  DENIED(403, "This account may not do that"),
  NOT_FOUND(404, "There is no such thing"),
  METHOD_NOT_ALLOWED(405, "The path does not take this method"),
  NOT_ACCEPTABLE(406, "Answers are JSON"),
  CONFLICT(409, "What is there forbids it"),
  SHOWN_ONCE(409, "The secret was in the answer that made it"),
  PRECONDITION_FAILED(412, "It was changed in between"),
  TOO_LARGE(413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "Bodies are JSON"),
  KEY_REUSED(422, "The idempotency key belongs to another request"),
  TOO_MANY_REQUESTS(429, "Too many requests"),
  INTERNAL_ERROR(500, "A fault of the server"),
  UNAVAILABLE(503, "Temporarily unavailable");

  private final int status;
  private final String title;

  Problem(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** What the problem is, in general. */
  public String title() {
    return title;
  }

  /** The exception that is answered with it. */
  public ProblemException with(String detail) {
    return new ProblemException(this, detail);
  }
}
