package dev.entrepot.repository;

import dev.entrepot.event.Actor;
import dev.entrepot.oci.RepositoryName;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Sees to it that whoever makes a repository by a push may go on with it. Declared here; fulfilled
 * by who keeps the accounts.
 */
@FunctionalInterface
public interface Founders {
  /**
   * Gives the founder their role, in the transaction that makes the repository: both are there, or
   * neither. Called once for each repository, however many push to it at once.
   *
   * @param name of the repository
   * @param founder who was allowed to make it; may be nobody, on a server without accounts
   */
  void founded(Connection transaction, RepositoryName name, RepositoryId repository, Actor founder)
      throws SQLException;
}
