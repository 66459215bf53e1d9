package dev.entrepot.account.user;

import dev.entrepot.auth.password.PasswordHasher;
import dev.entrepot.auth.password.PasswordPolicy;
import dev.entrepot.auth.password.PasswordsBusyException;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What users' passwords are like, and what is stored of them. */
@Singleton
class Passwords {
  private final PasswordHasher hasher;

  Passwords(PasswordHasher hasher) {
    this.hasher = hasher;
  }

  /**
   * What is stored of a new password.
   *
   * @throws ProblemException INVALID when it is not good enough; UNAVAILABLE when many are waiting
   */
  String hash(String user, String password) {
    PasswordPolicy.check(user, password)
        .ifPresent(
            flaw -> {
              throw Problem.INVALID.with("The password " + flaw.message());
            });
    try {
      return hasher.hash(password);
    } catch (PasswordsBusyException e) {
      throw busy();
    }
  }

  /**
   * Whether it is the password.
   *
   * @param stored null when there is none; that takes as long, and is never right
   * @throws ProblemException UNAVAILABLE when many are waiting
   */
  boolean matches(String password, @Nullable String stored) {
    try {
      return hasher.matches(password, stored);
    } catch (PasswordsBusyException e) {
      throw busy();
    }
  }

  private static ProblemException busy() {
    return Problem.UNAVAILABLE.with("Many passwords are being checked");
  }
}
