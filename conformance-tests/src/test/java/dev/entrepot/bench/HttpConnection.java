package dev.entrepot.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One keep-alive HTTP/1.1 connection to a server on this machine. It does as little as possible,
 * because it shares the processors with the server it measures: head and body leave in one write.
 */
final class HttpConnection implements AutoCloseable {

  /** Takes the body of an answer piece by piece. */
  interface BodySink {
    void accept(byte[] buffer, int offset, int length) throws IOException;
  }

  /**
   * An answer.
   *
   * @param headers by lower-case name
   */
  record Response(int status, Map<String, String> headers, byte[] body) {

    Response expect(int... statuses) {
      for (int expected : statuses) {
        if (status == expected) {
          return this;
        }
      }
      throw new IllegalStateException(
          "unexpected status " + status + ": " + new String(body, StandardCharsets.UTF_8));
    }

    /** Path and query of the {@code Location} header, relative or absolute. */
    String location() {
      String location = headers.get("location");
      if (location == null) {
        throw new IllegalStateException("no Location in the answer with status " + status);
      }
      return location.replaceFirst("^https?://[^/]*", "");
    }
  }

  private final int port;
  private final Map<String, String> always;
  private final byte[] input = new byte[64 * 1024];
  private SocketChannel channel;
  private int position;
  private int limit;

  HttpConnection(int port) throws IOException {
    this(port, Map.of());
  }

  /**
   * Opens a connection.
   *
   * @param always headers that every request has
   */
  HttpConnection(int port, Map<String, String> always) throws IOException {
    this.port = port;
    this.always = always;
    connect();
  }

  private void connect() throws IOException {
    channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    position = 0;
    limit = 0;
  }

  Response get(String path) throws IOException {
    return send("GET", path, Map.of());
  }

  /** Sends a request whose body is the parts one after the other, and reads the answer. */
  Response send(String method, String path, Map<String, String> headers, byte[]... parts)
      throws IOException {
    long length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer[] buffers = new ByteBuffer[parts.length + 1];
    buffers[0] = head(method, path, headers, length);
    for (int i = 0; i < parts.length; i++) {
      buffers[i + 1] = ByteBuffer.wrap(parts[i]);
    }
    write(buffers);
    return response(method);
  }

  /** Sends the head of a request whose body of {@code length} bytes follows by {@link #write}. */
  void start(String method, String path, Map<String, String> headers, long length)
      throws IOException {
    write(head(method, path, headers, length));
  }

  void write(ByteBuffer... buffers) throws IOException {
    ByteBuffer last = buffers[buffers.length - 1];
    do {
      channel.write(buffers);
    } while (last.hasRemaining());
  }

  Response response(String method) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Response response = response(method, body::write);
    return response.status() < 400
        ? new Response(response.status(), response.headers(), body.toByteArray())
        : response;
  }

  /** Reads an answer and hands its body to the sink; only the body of an error is kept. */
  Response response(String method, BodySink sink) throws IOException {
    int status = Integer.parseInt(line().substring(9, 12));
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (status == 100) {
      return response(method, sink);
    }
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    if (!method.equals("HEAD") && status != 204 && status != 304) {
      body(headers, status < 400 ? sink : error::write);
    }
    if ("close".equalsIgnoreCase(headers.get("connection"))) {
      close();
      connect();
    }
    return new Response(status, headers, error.toByteArray());
  }

  private void body(Map<String, String> headers, BodySink sink) throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      int length;
      do {
        length = Integer.parseInt(line().replaceFirst(";.*", "").strip(), 16);
        copy(length, sink);
        line();
      } while (length > 0);
    } else {
      copy(Long.parseLong(headers.getOrDefault("content-length", "0")), sink);
    }
  }

  private void copy(long length, BodySink sink) throws IOException {
    for (long left = length; left > 0; ) {
      if (position == limit) {
        fill();
      }
      int count = (int) Math.min(left, limit - position);
      sink.accept(input, position, count);
      position += count;
      left -= count;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (position == limit) {
        fill();
      }
      char c = (char) input[position++];
      if (c == '\n') {
        return line.toString();
      }
      if (c != '\r') {
        line.append(c);
      }
    }
  }

  private void fill() throws IOException {
    limit = channel.read(ByteBuffer.wrap(input));
    position = 0;
    if (limit < 0) {
      limit = 0;
      throw new EOFException("the server closed the connection");
    }
  }

  private ByteBuffer head(String method, String path, Map<String, String> headers, long length) {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1:");
    head.append(port).append("\r\n");
    always.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (!method.equals("GET") && !method.equals("HEAD")) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    head.append("\r\n");
    return ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
