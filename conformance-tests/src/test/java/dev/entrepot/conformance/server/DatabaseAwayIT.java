package dev.entrepot.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** PostgreSQL killed under the server, which brings it back. */
@OwnServer
@Section("Promise > Database away")
class DatabaseAwayIT {
  private static RegistryServer server;

  @BeforeAll
  static void start() {
    server = RegistryServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Promise
  void pushesAre503WithRetryAfterUntilItIsBack() throws Exception {
    Repository repository = server.registry().newRepository();
    repository.pushImage("v1");
    List<Response> refused = new ArrayList<>();
    // The server starts it anew within moments, and waits for it: it must die again and again.
    try (AutoCloseable killing = keepDatabaseAway()) {
      await().until(() -> !isPushed(repository, refused));
    }
    await().pollInterval(Duration.ofMillis(20)).until(() -> isPushed(repository, refused));
    assertThat(refused)
        .isNotEmpty()
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(503);
              assertThat(answer.header("Retry-After")).matches("\\d+");
              assertThat(answer.jsonPath().getString("errors[0].code")).isEqualTo("UNAVAILABLE");
              assertThat(answer.asString()).contains(answer.header("X-Request-Id"));
              assertThat(answer.asString()).doesNotContain("Exception", "postgres", "SQL");
            });
    await()
        .untilAsserted(
            () ->
                assertThat(Files.readString(server.dataDirectory().resolve("logs/access.log")))
                    .contains(refused.getFirst().header("X-Request-Id")));
  }

  @Promise
  void imageThatWasPulledBeforeIsPulledMeanwhile() {
    Repository repository = server.registry().newRepository();
    Image image = repository.pushImage("v1");
    String blob = repository.blob(image.layer());
    repository.request().get(repository.manifest("v1")).then().statusCode(200);
    repository.request().get(blob).then().statusCode(200);
    killDatabase();
    for (int i = 0; i < 20; i++) {
      repository
          .request()
          .get(repository.manifest("v1"))
          .then()
          .statusCode(200)
          .header("Warning", anyOf(nullValue(), matchesPattern("299 - \"[^\"]+\"")));
      repository.request().get(blob).then().statusCode(200);
    }
    await().until(() -> repository.put(Manifest.index().build(), "v2").statusCode() == 201);
  }

  private static boolean isPushed(Repository repository, List<Response> refused) {
    Response answer = repository.put(Manifest.index().build(), "v2");
    if (answer.statusCode() != 201) {
      refused.add(answer);
    }
    return answer.statusCode() == 201;
  }

  private static AutoCloseable keepDatabaseAway() {
    AtomicBoolean away = new AtomicBoolean(true);
    Thread killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (away.get()) {
                    databaseProcesses().forEach(ProcessHandle::destroyForcibly);
                  }
                });
    return () -> {
      away.set(false);
      killer.join();
    };
  }

  private static void killDatabase() {
    List<ProcessHandle> processes = databaseProcesses();
    assertThat(processes).isNotEmpty();
    processes.forEach(ProcessHandle::destroyForcibly);
  }

  private static List<ProcessHandle> databaseProcesses() {
    return ProcessHandle.of(server.pid())
        .orElseThrow()
        .descendants()
        .filter(handle -> handle.info().command().orElse("").endsWith("/postgres"))
        .toList();
  }
}
