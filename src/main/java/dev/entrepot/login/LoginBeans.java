package dev.entrepot.login;

import dev.entrepot.auth.password.LoginThrottle;
import dev.entrepot.auth.password.PasswordHasher;
import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.http.Authentication;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;

/** What finds out who calls this server. */
class LoginBeans {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final int THROTTLED = 100_000;

  @Produces
  @Singleton
  PasswordHasher passwordHasher() {
    return new PasswordHasher(
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2), LONGEST_WAIT);
  }

  /** One for all places where a password can be tried. */
  @Produces
  @Singleton
  LoginThrottle loginThrottle() {
    return new LoginThrottle(THROTTLED, InstantSource.system());
  }

  @Produces
  @Singleton
  Authentication authentication(EntrepotConfig config, Logins logins) {
    return config.auth().mode() == AuthConfig.Mode.OFF ? Authentication.none() : logins;
  }
}
