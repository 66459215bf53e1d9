package dev.entrepot.conformance.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.entrepot.storage.testkit.s3.S3Server;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Servers that keep their blobs in an object store. */
public final class ObjectStores {
  private ObjectStores() {}

  /** A store of its own; skips the test, saying so, when its program is not installed. */
  public static S3Server versitygw() {
    return start(S3Server.Kind.VERSITYGW);
  }

  public static S3Server start(S3Server.Kind kind) {
    require(kind);
    return S3Server.start(kind);
  }

  /** Skips the test, saying so, when the program is not installed. */
  public static void require(S3Server.Kind kind) {
    if (!kind.isInstalled()) {
      System.out.println("skipped: " + kind.program() + " is not installed");
    }
    assumeTrue(kind.isInstalled(), kind.program() + " is not installed");
  }

  /** A server whose blobs are in the bucket of {@link S3Server}s, at that address. */
  public static RegistryServer.Builder s3(RegistryServer.Builder server, URI endpoint) {
    s3(endpoint).forEach(server::environment);
    return server;
  }

  /** The same for a server that gets the keys elsewhere. */
  public static RegistryServer.Builder withoutKeys(RegistryServer.Builder server, URI endpoint) {
    withoutKeys(endpoint).forEach(server::environment);
    return server;
  }

  /** The settings of a server in the bucket, as variables of its environment. */
  public static Map<String, String> s3(URI endpoint) {
    Map<String, String> settings = new HashMap<>(withoutKeys(endpoint));
    settings.put("ENTREPOT_STORAGE_S3_ACCESS_KEY", S3Server.ACCESS_KEY);
    settings.put("ENTREPOT_STORAGE_S3_SECRET_KEY", S3Server.SECRET_KEY);
    return settings;
  }

  private static Map<String, String> withoutKeys(URI endpoint) {
    return Map.of(
        "ENTREPOT_STORAGE_TYPE",
        "s3",
        "ENTREPOT_STORAGE_S3_ENDPOINT",
        endpoint.toString(),
        "ENTREPOT_STORAGE_S3_REGION",
        S3Server.REGION,
        "ENTREPOT_STORAGE_S3_BUCKET",
        S3Server.BUCKET);
  }
}
