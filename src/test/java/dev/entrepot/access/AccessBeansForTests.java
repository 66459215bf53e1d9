package dev.entrepot.access;

import dev.entrepot.auth.Authorizer;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What tests of other packages need of this one. */
public final class AccessBeansForTests {
  private AccessBeansForTests() {}

  public static Authorizer authorizer(
      Database database, ChangeFeed changes, EntrepotConfig config) {
    return new AccountAuthorizer(database, changes, config, new SimpleMeterRegistry());
  }
}
