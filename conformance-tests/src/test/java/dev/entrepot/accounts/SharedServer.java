package dev.entrepot.accounts;

import dev.entrepot.conformance.support.RegistryServer;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a server with accounts as a parameter of type {@link Accounts}: one for all, started
 * at the first use and stopped after the last test of the run. Whoever shares it makes accounts and
 * repositories of new names, and does not use up what the server allows an address: wrong
 * passwords.
 */
final class SharedServer implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedServer.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Accounts.class;
  }

  // The root store closes what is in it when the run ends.
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    RegistryServer server =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(
                RegistryServer.class, type -> Accounts.server().start(), RegistryServer.class);
    return new Accounts(server.registry());
  }
}
