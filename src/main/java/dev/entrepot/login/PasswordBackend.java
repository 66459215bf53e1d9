package dev.entrepot.login;

import dev.entrepot.auth.Subject;
import java.util.Optional;

/**
 * Checks passwords of people whom somebody else knows, such as a directory. Asked only where the
 * server has no password of a user of that name, and only after the throttle has let it pass. A
 * password that was right is remembered for a few minutes.
 */
public interface PasswordBackend {
  /**
   * Who has this name and password there. The account here is made if it is new, and its teams
   * brought up to date. May block, for a bounded time.
   *
   * @return empty when nobody has, for whatever reason; the reason is not told
   * @throws dev.entrepot.error.RegistryException UNAVAILABLE when it cannot be found out now
   */
  Optional<Subject> find(String name, String password);
}
