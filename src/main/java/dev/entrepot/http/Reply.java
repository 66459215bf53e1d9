package dev.entrepot.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer in memory. Immutable, so that a cache can hold it with its headers encoded once.
 *
 * <p>On a HEAD the body stays away and its length is still told.
 */
public final class Reply {
  private final int status;
  private final CharSequence[] headers;
  private final @Nullable Buffer body;

  private Reply(int status, CharSequence[] headers, @Nullable Buffer body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Starts an answer. */
  public static Builder status(int status) {
    return new Builder(status);
  }

  int status() {
    return status;
  }

  /** Names and values in turn. */
  CharSequence[] headers() {
    return headers;
  }

  @Nullable Buffer body() {
    return body;
  }

  /** The answer to who has the content already: 304 and what RFC 9110, 15.4.5 wants with it. */
  Reply notModified() {
    Builder reply = status(304);
    for (int i = 0; i < headers.length; i += 2) {
      String name = headers[i].toString();
      if (!name.equalsIgnoreCase("Content-Type") && !name.equalsIgnoreCase("Content-Length")) {
        reply.header(name, headers[i + 1]);
      }
    }
    return reply.empty();
  }

  /** Collects headers. */
  public static final class Builder {
    private final int status;
    private final List<CharSequence> headers = new ArrayList<>(16);

    private Builder(int status) {
      this.status = status;
    }

    /** Adds a header line; the same name twice makes two lines. */
    public Builder header(CharSequence name, CharSequence value) {
      headers.add(HttpHeaders.createOptimized(name.toString()));
      headers.add(HttpHeaders.createOptimized(value.toString()));
      return this;
    }

    /** Without a body; says so with {@code Content-Length: 0} where the status allows one. */
    public Reply empty() {
      if (status != 204 && status != 304) {
        header(HttpHeaders.CONTENT_LENGTH, "0");
      }
      return new Reply(status, headers.toArray(CharSequence[]::new), null);
    }

    /** Headers only: for a body that comes from elsewhere, or an answer to HEAD. */
    public Reply withoutBody() {
      return new Reply(status, headers.toArray(CharSequence[]::new), null);
    }

    /** With a body; {@code body} must not be changed afterwards. */
    public Reply body(CharSequence contentType, byte[] body) {
      header(HttpHeaders.CONTENT_TYPE, contentType);
      header(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
      return new Reply(status, headers.toArray(CharSequence[]::new), Buffer.buffer(body));
    }
  }
}
