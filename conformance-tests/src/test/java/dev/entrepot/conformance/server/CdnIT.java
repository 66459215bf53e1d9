package dev.entrepot.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.clients.Program;
import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Ports;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.storage.testkit.s3.S3Server;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;

/** A CDN in front of the store: nginx, which lets nobody read without a link that is signed. */
@OwnServer
@Section("Promise > Redirects")
class CdnIT {
  private static final String SECRET = "between the two of us";

  @TempDir Path directory;

  @Promise
  void cdnServesWhatTheServerHasSignedAndNothingElse() throws IOException {
    Blob blob = Blob.random(200_000);
    int port = Ports.free();
    try (S3Server store = ObjectStores.versitygw();
        Nginx nginx = new Nginx(store, port);
        RegistryServer server =
            ObjectStores.s3(RegistryServer.builder(), store.endpoint())
                .environment("ENTREPOT_STORAGE_REDIRECT_CDN_TYPE", "nginx")
                .environment("ENTREPOT_STORAGE_REDIRECT_CDN_URL", "http://localhost:" + port)
                .environment("ENTREPOT_STORAGE_REDIRECT_CDN_SECRET", SECRET)
                .start()) {
      Repository repository = server.registry().newRepository();
      repository.push(blob);

      Response redirect = repository.request().redirects().follow(false).get(repository.blob(blob));
      redirect.then().statusCode(307);
      URI signed = URI.create(redirect.header("Location"));
      Registry cdn = new Registry(nginx.url());
      String path = signed.getRawPath();
      assertThat(cdn.request().get(path + "?" + signed.getRawQuery()).asByteArray())
          .isEqualTo(blob.bytes());
      cdn.request().get(path).then().statusCode(403);
      String later = signed.getRawQuery().replaceFirst("expires=\\d", "expires=9");
      cdn.request().get(path + "?" + later).then().statusCode(403);
    }
  }

  /** nginx over the store's files, which checks links as its documentation shows it. */
  private final class Nginx implements AutoCloseable {
    private final int port;
    private final Process process;

    Nginx(S3Server store, int port) throws IOException {
      this.port = port;
      Path configuration = directory.resolve("nginx.conf");
      Files.writeString(
          configuration,
          """
          %1$s
          daemon off;
          pid %2$s/pid;
          error_log %2$s/error.log;
          events {}
          http {
            access_log off;
            client_body_temp_path %2$s/body;
            proxy_temp_path %2$s/proxy;
            fastcgi_temp_path %2$s/fastcgi;
            uwsgi_temp_path %2$s/uwsgi;
            scgi_temp_path %2$s/scgi;
            server {
              listen 127.0.0.1:%3$d;
              root %4$s;
              location / {
                secure_link $arg_md5,$arg_expires;
                secure_link_md5 "$secure_link_expires$uri %5$s";
                if ($secure_link = "") { return 403; }
                if ($secure_link = "0") { return 410; }
              }
            }
          }
          """
              .formatted(
                  System.getProperty("user.name").equals("root") ? "user root;" : "",
                  directory,
                  port,
                  store.objects().resolve(S3Server.BUCKET),
                  SECRET));
      process =
          Program.require(Path.of("/usr/sbin/nginx"))
              .start(
                  directory.resolve("nginx.log"),
                  "-e",
                  directory + "/error.log",
                  "-c",
                  configuration.toString());
      Awaitility.await().ignoreExceptions().until(() -> answers());
    }

    private boolean answers() {
      return new Registry(url()).request().get("/").statusCode() == 403;
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
