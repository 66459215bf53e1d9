package dev.entrepot.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.RawResponse;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What clients see from SIGTERM on. */
@OwnServer
@Section("Promise > Shutdown")
class ShutdownIT {
  private RegistryServer server;
  private Repository repository;
  private String location;

  @BeforeEach
  void start() {
    server = RegistryServer.builder().environment("ENTREPOT_HTTP_SHUTDOWN_TIMEOUT", "2m").start();
    repository = server.registry().newRepository();
    location = repository.startUpload();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Promise
  void requestUnderWayIsFinishedWhileNoOthersAreInvited() {
    try (RawConnection writer = server.registry().connect();
        RawConnection idle = server.registry().connect()) {
      idle.sendHead("GET", "/v2/").read();
      writer.sendHead("PATCH", location, "Content-Length: 10", "Expect: 100-continue");
      assertThat(writer.read().status()).isEqualTo(100);
      terminate();
      awaitNotReady();
      RawResponse late = idle.sendHead("GET", "/v2/").read();
      assertThat(late.status()).isEqualTo(200);
      assertThat(late.header("Connection")).contains("close");
      assertThat(idle.isClosedWithin(Duration.ofMinutes(1))).isTrue();
      writer.send("0123456789".getBytes(StandardCharsets.US_ASCII));
      assertThat(writer.read().status()).isEqualTo(202);
    }
    await().until(() -> !server.isRunning());
  }

  @Promise
  void accessLogHasTheLastRequests() throws IOException {
    String path = repository.manifest("last");
    repository.request().get(path).then().statusCode(404);
    server.stop();
    assertThat(Files.readString(server.dataDirectory().resolve("logs/access.log"))).contains(path);
  }

  private void terminate() {
    ProcessHandle.of(server.pid()).orElseThrow().destroy();
  }

  private void awaitNotReady() {
    await().until(() -> server.registry().request().get("/q/health/ready").statusCode() == 503);
  }
}
