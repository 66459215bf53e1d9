package dev.entrepot.management;

import dev.entrepot.auth.Subject;
import jakarta.enterprise.context.RequestScoped;

/** Who sends the request that is being answered. */
@RequestScoped
public class Caller {
  private Subject subject = Subject.ANONYMOUS;

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

  void set(Subject identified) {
    subject = identified;
  }
}
