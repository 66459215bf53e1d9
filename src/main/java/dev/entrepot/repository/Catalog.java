package dev.entrepot.repository;

import dev.entrepot.auth.Subject;
import dev.entrepot.oci.RepositoryName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The repositories that a caller may know of. Declared here; fulfilled by who keeps the accounts.
 */
@FunctionalInterface
public interface Catalog {
  /**
   * Names in byte order of the repositories that hold a manifest and that the caller may pull from.
   *
   * @param after only names after this text, which need not be a name; null from the start
   * @param limit at most so many
   */
  List<RepositoryName> list(Subject subject, @Nullable String after, int limit);
}
