package dev.entrepot.management;

import dev.entrepot.server.ServerResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** A server without authentication. */
public class OpenServer implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("entrepot.auth.mode", "off");
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(ServerResource.class));
  }
}
