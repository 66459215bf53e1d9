package dev.entrepot.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies over a real connection, read by a virtual thread as the endpoints do. */
class RequestBodyTest {
  private static final int PIECE_COST = 1 + 256;
  private static final Duration FOREVER = Duration.ofMinutes(10);

  private final Vertx vertx = Vertx.vertx();
  private final ByteBudget budget = new ByteBudget(1 << 20);
  private final CompletableFuture<RequestBody> begun = new CompletableFuture<>();
  private HttpServer server;

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  @Test
  void allBytesComeInOrder() throws Exception {
    byte[] bytes = new byte[3 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 >> 3);
    }
    CompletableFuture<byte[]> read = serve(FOREVER, RequestBodyTest::readAll);
    try (Socket socket = send("Content-Length: " + bytes.length)) {
      socket.getOutputStream().write(bytes);
      assertArrayEquals(bytes, read.get(1, TimeUnit.MINUTES));
    }
    assertEquals(0, budget.used());
  }

  @Test
  void whatWaitsBehindARefusedPieceIsGivenBack() throws Exception {
    CompletableFuture<Long> read =
        serve(
            FOREVER,
            body ->
                body.transferTo(
                    buffers -> {
                      throw new RegistryException(ErrorCode.SIZE_INVALID);
                    }));
    try (Socket socket = send("Transfer-Encoding: chunked")) {
      socket.getOutputStream().write(("1\r\nx\r\n".repeat(5000) + "0\r\n\r\n").getBytes(US_ASCII));
      assertEquals(ErrorCode.SIZE_INVALID, refusal(read).code());
      await().untilAsserted(() -> assertEquals(0, budget.used()));
    }
  }

  @Test
  void cutOffBodyGivesAllBack() throws Exception {
    CompletableFuture<byte[]> read = serve(FOREVER, RequestBodyTest::readAll);
    try (Socket socket = send("Content-Length: 1000")) {
      socket.getOutputStream().write(new byte[500]);
    }
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> read.get(1, TimeUnit.MINUTES));
    assertInstanceOf(RequestBody.CutOff.class, failed.getCause());
    // a piece that the event loop still had is counted until it finds nobody to take it
    await().untilAsserted(() -> assertEquals(0, budget.used()));
  }

  @Test
  void stoppedReaderGivesUpAtOnce() throws Exception {
    CompletableFuture<byte[]> read = serve(FOREVER, RequestBodyTest::readAll);
    try (Socket socket = send("Content-Length: 1000")) {
      begun.get(1, TimeUnit.MINUTES).stop();
      assertEquals(ErrorCode.UNAVAILABLE, refusal(read).code());
    }
  }

  @Test
  void clientThatSendsNothingIsRefused() throws Exception {
    CompletableFuture<byte[]> read = serve(Duration.ofMillis(100), RequestBodyTest::readAll);
    try (Socket socket = send("Content-Length: 1000")) {
      assertEquals(ErrorCode.REQUEST_TIMEOUT, refusal(read).code());
    }
  }

  @Test
  void slowStoreIsNotTakenForASlowClient() throws Exception {
    Duration window = Duration.ofSeconds(2);
    CountDownLatch stored = new CountDownLatch(1);
    CompletableFuture<Long> read =
        serve(
            window,
            body ->
                body.transferTo(
                    buffers -> {
                      if (stored.getCount() > 0) {
                        pause(window.plusSeconds(1));
                        stored.countDown();
                      }
                    }));
    try (Socket socket = send("Content-Length: 4")) {
      socket.getOutputStream().write(1);
      stored.await();
      socket.getOutputStream().write(new byte[3]); // the reader has to wait for these
      assertEquals(4, read.get(1, TimeUnit.MINUTES));
    }
  }

  @Test
  void piecesThatFollowQuicklyAreHandedOverTogether() throws Exception {
    int pieces = 20;
    AtomicInteger taken = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    CompletableFuture<Long> read =
        serve(
            FOREVER,
            body ->
                body.transferTo(
                    buffers -> {
                      turns.incrementAndGet();
                      taken.addAndGet(buffers.size());
                    }));
    try (Socket socket = send("Content-Length: " + pieces)) {
      for (int sent = 1; sent <= pieces; sent++) {
        socket.getOutputStream().write(1);
        int arrived = sent;
        await()
            .pollInterval(Duration.ofMillis(1))
            .until(() -> taken.get() + budget.used() / PIECE_COST >= arrived);
      }
      assertEquals(pieces, read.get(30, TimeUnit.SECONDS));
    }
    assertTrue(turns.get() <= pieces / 2, "turns: " + turns);
  }

  @Test
  void pieceDoesNotWaitForTheNextForLong() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    CompletableFuture<Long> read =
        serve(
            FOREVER,
            body ->
                body.transferTo(buffers -> buffers.forEach(b -> taken.addAndGet(b.remaining()))));
    try (Socket socket = send("Content-Length: 1000")) {
      socket.getOutputStream().write(new byte[500]);
      await().until(() -> taken.get() == 500);
      socket.getOutputStream().write(new byte[500]);
      assertEquals(1000, read.get(30, TimeUnit.SECONDS));
    }
  }

  private <T> CompletableFuture<T> serve(Duration window, Function<RequestBody, T> reader)
      throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    HttpSettings settings =
        new HttpSettings(64 << 10, 1 << 20, window, 1 << 20, Duration.ofSeconds(10), 64);
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  var body = new RequestBody(request, Vertx.currentContext(), budget, settings);
                  body.attach();
                  begun.complete(body);
                  Thread.startVirtualThread(
                      () -> {
                        try {
                          result.complete(reader.apply(body));
                        } catch (RuntimeException e) {
                          result.completeExceptionally(e);
                        }
                      });
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(1, TimeUnit.MINUTES);
    return result;
  }

  private Socket send(String header) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.actualPort());
    String head = "PUT / HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    return socket;
  }

  private static byte[] readAll(RequestBody body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    body.transferTo(
        buffers -> {
          for (ByteBuffer buffer : buffers) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            all.writeBytes(bytes);
          }
        });
    return all.toByteArray();
  }

  private static RegistryException refusal(CompletableFuture<?> read) throws Exception {
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> read.get(1, TimeUnit.MINUTES));
    return assertInstanceOf(RegistryException.class, failed.getCause());
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
