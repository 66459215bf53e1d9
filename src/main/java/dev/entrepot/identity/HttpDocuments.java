package dev.entrepot.identity;

import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Small documents of other servers, over HTTPS (plain only on this machine). Follows no redirects:
 * where something is asked for is decided here alone. Bounded in size and time.
 */
@Singleton
class HttpDocuments {
  private static final int MAX_LENGTH = 256 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_AT_ONCE = 64;

  private final Semaphore free = new Semaphore(MAX_AT_ONCE);
  private @Nullable HttpClient client;

  /**
   * An answer.
   *
   * @param status of HTTP
   */
  record Answer(int status, String body) {}

  /**
   * The document there.
   *
   * @throws IOException when it is not there, too large, or does not come in time
   * @throws IllegalArgumentException when it is no address that may be asked
   */
  String get(URI uri) throws IOException {
    Answer answer = send(request(uri).GET().build());
    if (answer.status() != 200) {
      throw new IOException("status " + answer.status());
    }
    return answer.body();
  }

  /** Sends a form; as {@link #get}, whatever the status. */
  Answer post(URI uri, Map<String, String> form) throws IOException {
    String body =
        form.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        request(uri)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private Answer send(HttpRequest request) throws IOException {
    if (!free.tryAcquire()) {
      throw new IOException("too many questions at once");
    }
    try {
      return sendNow(request);
    } finally {
      free.release();
    }
  }

  private Answer sendNow(HttpRequest request) throws IOException {
    // The client's own time-out ends with the headers; this one covers the body as well.
    CompletableFuture<HttpResponse<InputStream>> sent =
        client().sendAsync(request, BodyHandlers.ofInputStream());
    CompletableFuture<Answer> answer =
        sent.thenApplyAsync(HttpDocuments::read, task -> Thread.ofVirtual().start(task));
    try {
      return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      sent.thenAccept(HttpDocuments::drop);
      sent.cancel(true);
      throw new IOException("no answer in " + TIMEOUT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static Answer read(HttpResponse<InputStream> response) {
    try (InputStream in = response.body()) {
      var out = new ByteArrayOutputStream();
      out.writeBytes(in.readNBytes(MAX_LENGTH + 1));
      if (out.size() > MAX_LENGTH) {
        throw new IllegalArgumentException("document too large");
      }
      return new Answer(response.statusCode(), out.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void drop(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static HttpRequest.Builder request(URI uri) throws IOException {
    boolean plain = "http".equals(uri.getScheme()) && uri.getHost() != null;
    if (!"https".equals(uri.getScheme())
        && !(plain && InetAddress.getByName(uri.getHost()).isLoopbackAddress())) {
      throw new IllegalArgumentException("neither https nor on this machine: " + uri);
    }
    return HttpRequest.newBuilder(uri)
        .timeout(TIMEOUT)
        .header("Accept", "application/json, application/jwk-set+json");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Made with the first request: a server without providers never has one. */
  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .connectTimeout(TIMEOUT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
    }
    return client;
  }
}
