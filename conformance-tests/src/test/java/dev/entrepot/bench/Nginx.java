package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** nginx with the same bytes in plain files: what the machine's kernel gives at most. */
final class Nginx extends Server {
  private static final String MANIFESTS = "/v2/" + Fixture.REPOSITORY + "/manifests/";

  private final int tlsPort = freePort();
  private final Certificate certificate;

  /**
   * Prepares a server.
   *
   * @param certificate for the second port, which speaks TLS
   */
  Nginx(Path directory, Certificate certificate) {
    super("nginx", directory);
    this.certificate = certificate;
  }

  int tlsPort() {
    return tlsPort;
  }

  Path file(String path) {
    return directory().resolve("root" + path);
  }

  @Override
  List<String> command() throws IOException {
    Path program = Tools.require("nginx");
    Path configuration = directory().resolve("nginx.conf");
    Path temporary = Files.createDirectories(directory().resolve("tmp"));
    Files.createDirectories(directory().resolve("root"));
    Files.writeString(
        configuration,
        """
        %s
        daemon off;
        worker_processes auto;
        pid %2$s/nginx.pid;
        error_log %2$s/error.log;
        events { worker_connections 1024; }
        http {
          sendfile on;
          tcp_nopush on;
          keepalive_timeout 120s;
          keepalive_requests 1000000000;
          access_log %2$s/access.log;
          client_body_temp_path %3$s/body;
          proxy_temp_path %3$s/proxy;
          fastcgi_temp_path %3$s/fastcgi;
          uwsgi_temp_path %3$s/uwsgi;
          scgi_temp_path %3$s/scgi;
          server {
            listen 127.0.0.1:%4$d;
            listen 127.0.0.1:%5$d ssl http2;
            ssl_certificate %6$s;
            ssl_certificate_key %7$s;
            root %2$s/root;
            default_type application/octet-stream;
            location = /ready { return 200; }
            location %8$s { default_type %9$s; }
          }
        }
        """
            .formatted(
                System.getProperty("user.name").equals("root") ? "user root;" : "",
                directory(),
                temporary,
                port(),
                tlsPort,
                certificate.chain(),
                certificate.key(),
                MANIFESTS,
                Content.MANIFEST_TYPE));
    return List.of(
        program.toString(), "-e", directory() + "/error.log", "-c", configuration.toString());
  }

  @Override
  Map<String, String> environment() {
    return Map.of();
  }

  @Override
  String readyPath() {
    return "/ready";
  }

  @Override
  String program() {
    return "nginx";
  }

  @Override
  Optional<Path> blobFile(String digest) {
    return Optional.empty();
  }

  @Override
  String description() {
    return Command.firstLine(Tools.require("nginx").toString(), "-v")
        + ", sendfile, keep-alive, access log on, one worker per processor";
  }
}
