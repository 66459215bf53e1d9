package dev.entrepot.server;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.HttpConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The options of the listening socket that the framework has no settings for. */
@Singleton
class ServerOptions implements HttpServerOptionsCustomizer {
  private final HttpConfig http;
  private final Vertx vertx;
  private @Nullable CertificateReload certificate;

  ServerOptions(EntrepotConfig config, Vertx vertx) {
    this.http = config.http();
    this.vertx = vertx;
  }

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    customize(options);
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    customize(options);
    CertificateFiles.of(http.tls())
        .ifPresent(
            files -> {
              certificate =
                  CertificateReload.start(
                      files, () -> files.read(vertx), http.tls().reloadInterval());
              options.setKeyCertOptions(KeyCertOptions.wrap(certificate.keyManager()));
            });
    http.tls().clientCa().ifPresent(file -> askForCertificates(options, file));
  }

  private void askForCertificates(HttpServerOptions options, Path authorities) {
    options.setClientAuth(ClientAuth.valueOf(http.tls().clientAuth().name()));
    options.setTrustOptions(new PemTrustOptions().addCertPath(authorities.toString()));
  }

  void stop(@Observes ShutdownEvent event) {
    if (certificate != null) {
      certificate.close();
    }
  }

  private void customize(HttpServerOptions options) {
    int sendBuffer = Math.toIntExact(http.sendBuffer().asLongValue());
    if (sendBuffer > 0) {
      options.setSendBufferSize(sendBuffer);
    }
  }
}
