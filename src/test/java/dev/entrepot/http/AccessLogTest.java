package dev.entrepot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.config.TestConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.http.AccessLogLines.Added;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  @TempDir private Path directory;
  private HttpServerRequest request;

  @BeforeEach
  void receiveARequest() throws Exception {
    CompletableFuture<HttpServerRequest> received = new CompletableFuture<>();
    int port =
        vertx
            .createHttpServer()
            .requestHandler(received::complete)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(1, TimeUnit.MINUTES)
            .actualPort();
    try (Socket socket = new Socket("127.0.0.1", port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "GET /v2/\" HTTP/1.1\r\nHost: a\r\n\r\n"
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      request = received.get(1, TimeUnit.MINUTES);
    }
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  @Test
  void linesThatFindNoRoomAreDroppedUntilTheWriterComes() {
    AccessLogLines lines = new AccessLogLines();
    int added = 0;
    while (add(lines) != Added.DROPPED) {
      added++;
    }
    assertSame(Added.DROPPED, add(lines));
    List<ByteBuffer> taken = lines.take();
    assertEquals(added, taken.stream().mapToLong(AccessLogTest::count).sum());
    assertSame(Added.YES, add(lines));
  }

  @Test
  void writerIsCalledForAFullBuffer() {
    AccessLogLines lines = new AccessLogLines();
    Added added;
    do {
      added = add(lines);
    } while (added == Added.YES);
    assertSame(Added.AND_FULL, added);
  }

  @Test
  void everyLineIsInTheFileOrCounted() throws IOException {
    int written = 300_000;
    Path file = directory.resolve("access.log");
    try (AccessLog log = open(file)) {
      for (int i = 0; i < written; i++) {
        log.write(line(Subject.ANONYMOUS));
      }
    }
    try (var lines = Files.lines(file)) {
      assertEquals(written, lines.count() + dropped());
    }
  }

  @Test
  void valuesOfTheClientForgeNoField() throws IOException {
    Path file = directory.resolve("access.log");
    try (AccessLog log = open(file)) {
      log.write(line(Subject.ANONYMOUS));
    }
    assertTrue(
        Files.readString(file).endsWith("\"GET /v2/? HTTP/1.1\" 200 2 \"-\" \"-\" 0.000001 id\n"));
  }

  @Test
  void clientAndAccountAreNamed() throws IOException {
    Path file = directory.resolve("access.log");
    try (AccessLog log = open(file)) {
      log.write(line(new Subject(Subject.Kind.USER, 1, "ada", "password", Limits.NONE)));
    }
    assertTrue(Files.readString(file).startsWith("192.0.2.1 - ada ["));
  }

  @Test
  void fileThatCannotBeOpenedStopsTheStart() {
    assertThrows(StartupException.class, () -> open(directory).close());
  }

  private AccessLog open(Path file) {
    return new AccessLog(file, TestConfig.defaults().accessLog(), metrics);
  }

  private AccessLog.Line line(Subject subject) {
    return new AccessLog.Line(request, request.uri(), "192.0.2.1", subject, 200, 2, 1000, "id");
  }

  private Added add(AccessLogLines lines) {
    return lines.add(line(Subject.ANONYMOUS));
  }

  private long dropped() {
    return (long) metrics.get("entrepot.access.log.dropped").counter().count();
  }

  private static long count(ByteBuffer lines) {
    long count = 0;
    while (lines.hasRemaining()) {
      count += lines.get() == '\n' ? 1 : 0;
    }
    return count;
  }
}
