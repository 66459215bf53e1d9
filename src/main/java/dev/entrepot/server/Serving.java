package dev.entrepot.server;

import dev.entrepot.config.EntrepotConfig;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;

/** Says where the server listens once it does, and waits for its end. */
public final class Serving implements QuarkusApplication {
  private final EntrepotConfig config;
  private final HttpServer server;

  Serving(EntrepotConfig config, HttpServer server) {
    this.config = config;
    this.server = server;
  }

  @Override
  public int run(String... args) {
    System.out.println("Entrepot is ready on " + address() + ", data in " + config.dataDir());
    Quarkus.waitForExit();
    return 0;
  }

  private String address() {
    String host = config.http().host();
    boolean secure = config.http().tls().certificate().isPresent();
    return (secure ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + (secure ? server.getSecurePort() : server.getPort());
  }
}
