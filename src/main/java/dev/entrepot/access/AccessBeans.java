package dev.entrepot.access;

import dev.entrepot.auth.Authorizer;
import dev.entrepot.repository.Catalog;
import dev.entrepot.repository.RepositoryService;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What decides about rights in this server. */
class AccessBeans {
  @Produces
  @Singleton
  Authorizer authorizer() {
    return Authorizer.open();
  }

  @Produces
  @Singleton
  Catalog catalog(RepositoryService repositories) {
    return (subject, after, limit) -> repositories.list(after, limit);
  }
}
