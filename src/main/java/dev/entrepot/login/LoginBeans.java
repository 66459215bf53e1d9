package dev.entrepot.login;

import dev.entrepot.auth.password.PasswordHasher;
import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.http.Authentication;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What finds out who calls this server. */
class LoginBeans {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  @Produces
  @Singleton
  PasswordHasher passwordHasher() {
    return new PasswordHasher(
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2), LONGEST_WAIT);
  }

  @Produces
  @Singleton
  Authentication authentication(EntrepotConfig config, Logins logins) {
    return config.auth().mode() == AuthConfig.Mode.OFF ? Authentication.none() : logins;
  }
}
