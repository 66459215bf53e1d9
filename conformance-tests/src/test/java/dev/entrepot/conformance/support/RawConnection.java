package dev.entrepot.conformance.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/**
 * A socket that speaks as much or as little HTTP/1.1 as a test wants: bodies cut off, headers that
 * lie, clients that wait for a 100.
 */
public final class RawConnection implements AutoCloseable {
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(1);

  private final Socket socket;
  private final InputStream in;
  private final String authority;

  private RawConnection(Socket socket, String authority) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.authority = authority;
  }

  static RawConnection open(URI url) {
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    try {
      Socket socket = tls ? SSLSocketFactory.getDefault().createSocket() : new Socket();
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(url.getHost(), port), (int) READ_TIMEOUT.toMillis());
      socket.setSoTimeout((int) READ_TIMEOUT.toMillis());
      return new RawConnection(socket, url.getRawAuthority());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends the head of a request: {@code Host} is added, each further line is one header.
   *
   * @param target the path and query exactly as to be sent, or an absolute URL, of which they are
   *     taken
   */
  public RawConnection sendHead(String method, String target, String... headers) {
    String path = target.startsWith("http") ? pathOf(URI.create(target)) : target;
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(authority).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return send(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String pathOf(URI url) {
    return url.getRawQuery() == null
        ? url.getRawPath()
        : url.getRawPath() + "?" + url.getRawQuery();
  }

  /**
   * Keeps the system from taking more than a little in advance: when {@link #send} returns, the
   * registry has read all but some 100 kB.
   */
  public RawConnection withSmallSendBuffer() {
    try {
      socket.setSendBufferSize(32 << 10);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends bytes as they are. */
  public RawConnection send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends one chunk of a chunked body. */
  public RawConnection sendChunk(byte[] bytes) {
    send((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    send(bytes);
    return send("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Ends a chunked body. */
  public RawConnection sendLastChunk() {
    return send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads an answer with its body. Interim answers (100) are answers of their own. */
  public RawResponse read() {
    return read(true);
  }

  /** Reads the answer to a HEAD: nothing follows its head, whatever Content-Length says. */
  public RawResponse readHead() {
    return read(false);
  }

  private RawResponse read(boolean withBody) {
    try {
      String statusLine = readLine();
      int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      for (String line = readLine(); !line.isEmpty(); line = readLine()) {
        int colon = line.indexOf(':');
        headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).trim()));
      }
      RawResponse head = new RawResponse(status, headers, new byte[0]);
      boolean empty = !withBody || status == 100 || status == 204 || status == 304;
      return empty ? head : new RawResponse(status, headers, readBody(head));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] readBody(RawResponse head) throws IOException {
    if (head.header("Transfer-Encoding").isPresent()) {
      return readChunks();
    }
    if (head.header("Content-Length").isPresent()) {
      int length = Integer.parseInt(head.header("Content-Length").orElseThrow());
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException("body ended after " + body.length + " of " + length + " bytes");
      }
      return body;
    }
    return in.readAllBytes();
  }

  private byte[] readChunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = readChunkSize(); size > 0; size = readChunkSize()) {
      body.write(in.readNBytes(size));
      readLine();
    }
    readLine();
    return body.toByteArray();
  }

  private int readChunkSize() throws IOException {
    return Integer.parseInt(readLine().split(";", 2)[0].trim(), 16);
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("connection closed by the registry");
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether nothing arrives for that long, not even the connection's end. */
  public boolean isSilentFor(Duration time) {
    try {
      socket.setSoTimeout((int) time.toMillis());
      in.mark(1);
      in.read();
      in.reset();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      restoreTimeout();
    }
  }

  /** Whether the registry has closed the connection, or does so within that time. */
  public boolean isClosedWithin(Duration time) {
    try {
      socket.setSoTimeout((int) time.toMillis());
      while (in.read() >= 0) {
        // What is left of an answer does not matter here.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    } finally {
      restoreTimeout();
    }
  }

  private void restoreTimeout() {
    try {
      if (!socket.isClosed()) {
        socket.setSoTimeout((int) READ_TIMEOUT.toMillis());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection with a reset, as a crashed client or a cut network does. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends what this side sends, and still reads. */
  public RawConnection endOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
