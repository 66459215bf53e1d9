package dev.entrepot.access;

import dev.entrepot.auth.Authorizer;
import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.repository.Catalog;
import dev.entrepot.repository.RepositoryService;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What decides about rights in this server. */
class AccessBeans {
  private final boolean open;

  AccessBeans(EntrepotConfig config) {
    this.open = config.auth().mode() == AuthConfig.Mode.OFF;
  }

  @Produces
  @Singleton
  Authorizer authorizer(
      Database database, ChangeFeed changes, EntrepotConfig config, MeterRegistry metrics) {
    return open ? Authorizer.open() : new AccountAuthorizer(database, changes, config, metrics);
  }

  @Produces
  @Singleton
  Catalog catalog(Database database, RepositoryService repositories) {
    return open
        ? (subject, after, limit) -> repositories.list(after, limit)
        : new VisibleRepositories(database);
  }
}
