package dev.entrepot.conformance.support;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the registry that they run against, as a parameter of type {@link Registry} or (a new
 * one for each) {@link Repository}: the one of {@code -Dregistry.url}, or else one server that is
 * started at the first use and stopped after the last test of the run.
 */
public final class RegistryUnderTest implements ParameterResolver {
  /** System property or configuration parameter: the URL of a registry that runs already. */
  public static final String URL = "registry.url";

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RegistryUnderTest.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Registry.class || type == Repository.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Registry registry = registry(context);
    return parameter.getParameter().getType() == Registry.class
        ? registry
        : registry.newRepository();
  }

  private static Registry registry(ExtensionContext context) {
    Optional<String> url = context.getConfigurationParameter(URL).filter(text -> !text.isBlank());
    return url.map(given -> new Registry(URI.create(given)))
        .orElseGet(() -> sharedServer(context).registry());
  }

  // The root store closes what is in it when the run ends.
  private static RegistryServer sharedServer(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(
            RegistryServer.class, type -> RegistryServer.start(), RegistryServer.class);
  }
}
