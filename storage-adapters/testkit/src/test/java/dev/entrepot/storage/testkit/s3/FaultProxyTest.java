package dev.entrepot.storage.testkit.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  /** What the server was asked and read to the end: host header and number of bytes. */
  private final List<String> served = new CopyOnWriteArrayList<>();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    proxy = FaultProxy.to(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
    client.close();
  }

  private void serve(HttpExchange exchange) throws IOException {
    int read = exchange.getRequestBody().readAllBytes().length;
    served.add(exchange.getRequestMethod() + " " + exchange.getRequestHeaders().getFirst("Host"));
    if (exchange.getRequestMethod().equals("GET")) {
      boolean chunked = exchange.getRequestURI().getPath().endsWith("chunked");
      exchange.sendResponseHeaders(200, chunked ? 0 : CONTENT.length);
      exchange.getResponseBody().write(CONTENT);
    } else {
      exchange.sendResponseHeaders(read == CONTENT.length ? 200 : 400, -1);
    }
    exchange.close();
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(proxy.endpoint().resolve(path)).build(), BodyHandlers.ofByteArray());
  }

  private int put(BodyPublisher body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(proxy.endpoint().resolve("/b/k?partNumber=1&uploadId=x"))
            .PUT(body)
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private int put() throws IOException, InterruptedException {
    return put(BodyPublishers.ofByteArray(CONTENT));
  }

  @Test
  void requestsAndAnswersPassUnchanged() throws Exception {
    assertEquals(200, put());
    assertEquals(200, put(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(CONTENT))));
    assertArrayEquals(CONTENT, get("/b/k").body());
    assertArrayEquals(CONTENT, get("/b/chunked").body());
    String host = proxy.endpoint().getAuthority();
    assertEquals(List.of("PUT " + host, "PUT " + host, "GET " + host, "GET " + host), served);
  }

  @Test
  void bytesAreCountedAndRequestsRemembered() throws Exception {
    put();
    long sent = proxy.bytesToServer();
    assertTrue(sent > CONTENT.length && sent < CONTENT.length + 1_000, "sent " + sent);
    assertEquals(S3Operation.UPLOAD_PART, proxy.requests().getFirst().operation());
    assertEquals("k", proxy.requests().getFirst().key());
  }

  @Test
  void answersInTheServersPlace() throws Exception {
    Injection slowDown =
        proxy.inject(
            Injection.of(new Fault.Answer(503, "SlowDown"), S3Operation.UPLOAD_PART)
                .skip(1)
                .limit(1));
    assertEquals(200, put());
    assertEquals(503, put());
    assertEquals(200, put());
    assertEquals(1, slowDown.hits());
    assertEquals(2, served.size());
  }

  @Test
  void aRequestThatIsResetBeforeOrHalfWayIsNotServed() {
    proxy.inject(Injection.of(new Fault.ResetBefore(), request -> true).limit(1));
    proxy.inject(Injection.of(new Fault.ResetInRequest(), request -> true));
    assertThrows(IOException.class, this::put);
    long before = proxy.bytesToServer();
    assertEquals(0, before);
    assertThrows(IOException.class, this::put);
    assertTrue(proxy.bytesToServer() > CONTENT.length / 2);
    assertTrue(proxy.bytesToServer() < CONTENT.length / 2 + 1_000);
    assertEquals(List.of(), served);
  }

  @Test
  void aDroppedAnswerWasServed() {
    proxy.inject(Injection.of(new Fault.DropAnswer(), request -> true));
    assertThrows(IOException.class, this::put);
    assertEquals(1, served.size());
  }

  @Test
  void aLateRequestIsServedAfterTheClientWasCutOff() {
    proxy.inject(Injection.of(new Fault.Late(Duration.ofMillis(50)), S3Operation.DELETE_OBJECT));
    HttpRequest delete = HttpRequest.newBuilder(proxy.endpoint().resolve("/b/k")).DELETE().build();
    assertThrows(IOException.class, () -> client.send(delete, BodyHandlers.discarding()));
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          while (served.isEmpty()) {
            Thread.onSpinWait();
          }
        });
  }

  @Test
  void anAnswerIsCutOffHalfWay() {
    proxy.inject(Injection.of(new Fault.ResetInAnswer(), request -> true));
    assertThrows(IOException.class, () -> get("/b/k"));
    assertTrue(proxy.bytesToClient() > CONTENT.length / 2);
    assertTrue(proxy.bytesToClient() < CONTENT.length / 2 + 1_000);
  }

  @Test
  void delaysEndWithTheFault() throws Exception {
    proxy.inject(
        Injection.of(new Fault.DelayAnswer(Duration.ofMillis(200)), S3Operation.GET_OBJECT));
    long start = System.nanoTime();
    get("/b/k");
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(200).toNanos());
    proxy.heal();
    assertArrayEquals(CONTENT, get("/b/k").body());
  }
}
