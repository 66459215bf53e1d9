package dev.entrepot.management;

import dev.entrepot.auth.Subject;
import dev.entrepot.event.Actor;
import jakarta.enterprise.context.RequestScoped;

/** Who sends the request that is being answered. */
@RequestScoped
public class Caller {
  private Subject subject = Subject.ANONYMOUS;
  private String address = "";

  public Subject subject() {
    return subject;
  }

  /**
   * For what a token must not do.
   *
   * @throws ProblemException DENIED
   */
  public void requireNoToken() {
    if (subject.credential().startsWith("token:")) {
      throw Problem.DENIED.with("Not with a token; sign in with the password");
    }
  }

  /** Who it is, and from where; the server itself outside of requests. */
  public Actor actor() {
    return new Actor(subject, address, "");
  }

  void set(Subject identified, String client) {
    subject = identified;
    address = client;
  }
}
