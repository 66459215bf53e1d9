package dev.entrepot.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lines of one event loop, in the combined log format. Its lock is held for no longer than a line
 * takes: never while something is written.
 */
final class AccessLogLines {
  static final int BUFFER_SIZE = 1 << 16;

  /** How many full buffers wait for the writer: some tenths of a second of the fastest answers. */
  static final int MAX_FULL = 32;

  private static final int MAX_FIELD = 1024;
  private static final int MAX_LINE = 6 * MAX_FIELD; // five fields, and what is short
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final List<ByteBuffer> full = new ArrayList<>();
  private byte[] bytes = new byte[BUFFER_SIZE];
  private int at;
  private long second = -1;
  private byte[] time = new byte[0];

  /** What became of a line. */
  enum Added {
    /** It is in. */
    YES,
    /** It is in, and the writer should come, since a buffer is full. */
    AND_FULL,
    /** All buffers are full: the line is lost. */
    DROPPED
  }

  synchronized Added add(AccessLog.Line line) {
    HttpServerRequest request = line.request();
    Added added = Added.YES;
    if (BUFFER_SIZE - at < MAX_LINE) {
      if (full.size() == MAX_FULL) {
        return Added.DROPPED;
      }
      endBuffer();
      added = Added.AND_FULL;
    }
    field(line.client());
    ascii(" - ");
    field(line.subject().isAnonymous() ? null : line.subject().name());
    ascii(" [");
    put(time());
    ascii("] \"");
    field(request.method().name());
    ascii(" ");
    field(line.target());
    ascii(
        switch (request.version()) {
          case HTTP_1_0 -> " HTTP/1.0\" ";
          case HTTP_1_1 -> " HTTP/1.1\" ";
          case HTTP_2 -> " HTTP/2.0\" ";
          case null -> " HTTP/?\" "; // a version that Vert.x does not know
        });
    number(line.status());
    ascii(" ");
    number(line.bytes());
    ascii(" \"-\" \"");
    field(request.getHeader(HttpHeaders.USER_AGENT));
    ascii("\" ");
    seconds(line.nanos());
    ascii(" ");
    ascii(line.requestId());
    ascii("\n");
    return added;
  }

  /** Takes all lines there are, in order. */
  synchronized List<ByteBuffer> take() {
    if (at > 0) {
      endBuffer();
    }
    List<ByteBuffer> taken = List.copyOf(full);
    full.clear();
    return taken;
  }

  private void endBuffer() {
    full.add(ByteBuffer.wrap(bytes, 0, at));
    bytes = new byte[BUFFER_SIZE];
    at = 0;
  }

  private byte[] time() {
    long now = System.currentTimeMillis() / 1000;
    if (now != second) {
      second = now;
      time =
          TIME.format(Instant.ofEpochSecond(now).truncatedTo(ChronoUnit.SECONDS))
              .getBytes(StandardCharsets.US_ASCII);
    }
    return time;
  }

  /** A value that the client chose: whatever could forge a line or a field is replaced. */
  private void field(@Nullable String value) {
    if (value == null) {
      bytes[at++] = '-';
      return;
    }
    int length = Math.min(value.length(), MAX_FIELD);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      bytes[at++] = (byte) (c < ' ' || c > '~' || c == '"' || c == '\\' ? '?' : c);
    }
  }

  private void ascii(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      bytes[at++] = (byte) text.charAt(i);
    }
  }

  private void put(byte[] text) {
    System.arraycopy(text, 0, bytes, at, text.length);
    at += text.length;
  }

  private void number(long value) {
    long power = 1;
    while (value / power >= 10) {
      power *= 10;
    }
    for (; power > 0; power /= 10) {
      bytes[at++] = (byte) ('0' + value / power % 10);
    }
  }

  private void seconds(long nanos) {
    long micros = nanos / 1000;
    number(micros / 1_000_000);
    bytes[at++] = '.';
    for (long power = 100_000; power > 0; power /= 10) {
      bytes[at++] = (byte) ('0' + micros / power % 10);
    }
  }
}
