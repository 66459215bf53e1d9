package dev.entrepot.http;

import dev.entrepot.auth.Authorizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The authorizer of this server: open, since there are no accounts yet. */
class Authorizers {
  @Produces
  @Singleton
  Authorizer authorizer() {
    return Authorizer.open();
  }
}
