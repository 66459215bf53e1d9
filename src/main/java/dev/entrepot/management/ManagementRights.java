package dev.entrepot.management;

import dev.entrepot.auth.Subject;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Decides who may call what of the management API. */
public interface ManagementRights {
  /**
   * Lets the caller through, or not.
   *
   * @param path the values of the path's parameters
   * @throws ProblemException UNAUTHORIZED, DENIED, or NOT_FOUND for what it must not see
   */
  void require(Subject caller, Right right, UnaryOperator<@Nullable String> path);

  /** Whether the caller looks after the whole registry. */
  boolean isAdministrator(Subject caller);
}
