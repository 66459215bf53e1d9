package dev.entrepot.config;

import io.smallrye.config.WithDefault;

/** Repositories. */
public interface RepositoryConfig {
  /**
   * Who may make a repository whose name has one component only: {@code administrators}, or all
   * {@code users}.
   */
  @WithDefault("administrators")
  Creators topLevelCreators();

  /** Who may make what belongs to nobody. */
  enum Creators {
    ADMINISTRATORS,
    USERS
  }
}
