package dev.entrepot.account.user;

import dev.entrepot.auth.password.LoginThrottle;
import dev.entrepot.auth.password.PasswordHasher;
import dev.entrepot.auth.password.PasswordPolicy;
import dev.entrepot.auth.password.PasswordsBusyException;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What users' passwords are like, and what is stored of them. */
@Singleton
class Passwords {
  /** Stands for all addresses: whoever guesses here is signed in as the user already. */
  private static final String HERE = "change of password";

  private final PasswordHasher hasher;
  private final LoginThrottle throttle;

  Passwords(PasswordHasher hasher, LoginThrottle throttle) {
    this.hasher = hasher;
    this.throttle = throttle;
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
   * @throws RegistryException TOO_MANY_REQUESTS after many wrong ones
   */
  boolean matches(String user, String password, @Nullable String stored) {
    Duration wait = throttle.attempt(user, HERE + " " + user);
    if (!wait.isZero()) {
      throw new RegistryException(
          ErrorCode.TOO_MANY_REQUESTS,
          "too many wrong passwords",
          null,
          Map.of("Retry-After", Long.toString(wait.toSeconds() + 1)));
    }
    try {
      boolean right = hasher.matches(password, stored);
      if (right) {
        throttle.succeeded(user, HERE + " " + user);
      }
      return right;
    } catch (PasswordsBusyException e) {
      throw busy();
    }
  }

  private static ProblemException busy() {
    return Problem.UNAVAILABLE.with("Many passwords are being checked");
  }
}
