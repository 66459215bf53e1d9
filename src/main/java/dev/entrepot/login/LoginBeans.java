package dev.entrepot.login;

import dev.entrepot.http.Authentication;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What finds out who calls this server. */
class LoginBeans {
  @Produces
  @Singleton
  Authentication authentication() {
    return Authentication.none();
  }
}
