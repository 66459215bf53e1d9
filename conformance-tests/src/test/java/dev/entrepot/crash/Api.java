package dev.entrepot.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * The requests of a push, sent to a server that may die at any moment. An answer that did not come,
 * or not wholly, is status 0.
 */
public final class Api implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final URI url;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public Api(URI url) {
    this.url = url;
  }

  public Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer get(String path, String header, String value) {
    return send(request(path).header(header, value).GET());
  }

  public Answer head(String path) {
    return send(request(path).HEAD());
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  public Answer post(String path, byte[] body) {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  public Answer put(String path, String mediaType, byte[] body) {
    return send(
        request(path)
            .header("Content-Type", mediaType)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  public Answer patch(String path, byte[] body) {
    return send(request(path).method("PATCH", HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** One chunk, which begins at {@code offset}. */
  public Answer patch(String path, int offset, byte[] body) {
    return send(
        request(path)
            .header("Content-Range", offset + "-" + (offset + body.length - 1))
            .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path)).timeout(TIMEOUT);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      return new Answer(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(null);
    }
  }

  /** A whole answer, or none. */
  public record Answer(@org.jspecify.annotations.Nullable HttpResponse<byte[]> response) {
    public int status() {
      return response == null ? 0 : response.statusCode();
    }

    public byte[] body() {
      return response == null ? new byte[0] : response.body();
    }

    /** A header's value; empty when it is absent. */
    public String header(String name) {
      return response == null ? "" : response.headers().firstValue(name).orElse("");
    }

    /** The path for the next request of an upload. */
    public String location() {
      return header("Location");
    }

    /** The number of bytes that a {@code Range} says are there. */
    public int offset() {
      String range = header("Range");
      int last = Integer.parseInt(range.substring(range.indexOf('-') + 1));
      return last == 0 ? 0 : last + 1;
    }
  }
}
