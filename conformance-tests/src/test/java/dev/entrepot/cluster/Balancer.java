package dev.entrepot.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.entrepot.conformance.support.Ports;
import dev.entrepot.conformance.support.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** nginx in front of the servers, each request to the next of them. */
final class Balancer implements AutoCloseable {
  private final int port = Ports.free();
  private final Process process;

  /** Skips the test where there is no nginx. */
  Balancer(Path directory, List<Integer> ports) {
    assumeTrue(Tools.find("nginx").isPresent() || isDebians(), "needs nginx");
    try {
      Files.createDirectories(directory.resolve("tmp"));
      Path configuration = directory.resolve("nginx.conf");
      Files.writeString(configuration, configuration(directory, ports));
      process =
          new ProcessBuilder(
                  Tools.find("nginx").orElse(Path.of("/usr/sbin/nginx")).toString(),
                  "-e",
                  directory.resolve("error.log").toString(),
                  "-c",
                  configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("nginx.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isDebians() {
    return Files.isExecutable(Path.of("/usr/sbin/nginx"));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.destroy();
  }

  private String configuration(Path directory, List<Integer> ports) {
    return """
        %1$s
        daemon off;
        pid %2$s/nginx.pid;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path %2$s/tmp/body;
          proxy_temp_path %2$s/tmp/proxy;
          fastcgi_temp_path %2$s/tmp/fastcgi;
          uwsgi_temp_path %2$s/tmp/uwsgi;
          scgi_temp_path %2$s/tmp/scgi;
          upstream replicas {
        %3$s
            keepalive 64;
          }
          server {
            listen 127.0.0.1:%4$d;
            client_max_body_size 0;
            location / {
              proxy_pass http://replicas;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_request_buffering off;
              proxy_buffering off;
              proxy_read_timeout 120s;
              proxy_next_upstream off;
            }
          }
        }
        """
        .formatted(
            System.getProperty("user.name").equals("root") ? "user root;" : "",
            directory,
            ports.stream()
                .map(to -> "    server 127.0.0.1:" + to + " max_fails=1 fail_timeout=1s;")
                .collect(Collectors.joining("\n")),
            port);
  }
}
