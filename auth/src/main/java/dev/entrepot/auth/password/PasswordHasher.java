package dev.entrepot.auth.password;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes people's passwords by Argon2id, with what OWASP recommends: 19 MiB, two passes, one lane.
 * Every call costs that memory and tens of milliseconds of processor, so that only some run at once
 * and the others wait; never called on an event loop.
 */
public final class PasswordHasher {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SALT_LENGTH = 16;

  private final Semaphore permits;
  private final Duration longestWait;
  private final Argon2.Parameters parameters;
  private final Argon2 ofNobody;

  /**
   * A hasher of its own limits.
   *
   * @param atOnce how many run at once
   * @param longestWait how long one waits for its turn
   */
  public PasswordHasher(int atOnce, Duration longestWait) {
    this(atOnce, longestWait, Argon2.RECOMMENDED);
  }

  PasswordHasher(int atOnce, Duration longestWait, Argon2.Parameters parameters) {
    this.permits = new Semaphore(atOnce, true);
    this.longestWait = longestWait;
    this.parameters = parameters;
    this.ofNobody = new Argon2(parameters, salt(), new byte[Argon2.HASH_LENGTH]);
  }

  /**
   * What to store of a password, as a PHC string.
   *
   * @throws PasswordsBusyException when its turn does not come in time
   */
  public String hash(String password) {
    return inTurn(
        () -> Argon2.hash(parameters, salt(), PasswordPolicy.normal(password)).toString());
  }

  /**
   * Whether it is the password. Where there is no user, or none with a password, it takes as long
   * and is not; so nobody learns who has an account.
   *
   * @param stored a PHC string, also one of other parameters; null where there is none
   * @throws IllegalArgumentException when what is stored is no PHC string of Argon2id
   * @throws PasswordsBusyException when its turn does not come in time
   */
  public boolean matches(String password, @Nullable String stored) {
    if (password.length() > 2 * PasswordPolicy.MAX_LENGTH) {
      return false; // whoever the user is
    }
    Argon2 expected = stored == null ? ofNobody : Argon2.parse(stored);
    boolean equal = inTurn(() -> expected.matches(PasswordPolicy.normal(password)));
    return equal && stored != null;
  }

  /** Whether a password that matched should be hashed anew, with what is recommended now. */
  public boolean needsRehash(String stored) {
    return !Argon2.parse(stored).isOf(parameters);
  }

  private <T> T inTurn(Supplier<T> work) {
    try {
      if (!permits.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new PasswordsBusyException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PasswordsBusyException();
    }
    try {
      return work.get();
    } finally {
      permits.release();
    }
  }

  private static byte[] salt() {
    byte[] salt = new byte[SALT_LENGTH];
    RANDOM.nextBytes(salt);
    return salt;
  }
}
