package dev.entrepot.http;

import dev.entrepot.auth.Subject;
import dev.entrepot.config.AccessLogConfig;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One line per request, in the combined log format with the request's seconds and id after it.
 *
 * <p>Each event loop formats into a buffer of its own; one thread writes them to the file twice a
 * second, or when one is full. A line costs well under a microsecond that way. A kill of the
 * process loses at most the last half second of lines.
 */
final class AccessLog implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(AccessLog.class);
  private static final int BUFFER_SIZE = 1 << 18;
  private static final int MAX_FIELD = 1024;
  private static final long FLUSH_MILLIS = 500;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", java.util.Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Path file;
  private final long maxFileSize;
  private final int maxFiles;
  private final List<LineBuffer> buffers = new CopyOnWriteArrayList<>();
  private final ThreadLocal<LineBuffer> current =
      ThreadLocal.withInitial(
          () -> {
            LineBuffer buffer = new LineBuffer();
            buffers.add(buffer);
            return buffer;
          });
  private final Thread writer;
  private FileChannel channel;
  private volatile boolean closed;

  AccessLog(Path file, AccessLogConfig config) {
    this.file = file;
    this.maxFileSize = config.maxFileSize().asLongValue();
    this.maxFiles = config.maxFiles();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      this.channel = open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the access log " + file, e);
    }
    this.writer = Thread.ofPlatform().daemon().name("access-log").start(this::run);
  }

  /** An answered request. */
  record Line(
      HttpServerRequest request,
      String client,
      Subject subject,
      int status,
      long bytes,
      long nanos,
      String requestId) {}

  void write(Line line) {
    current.get().line(line, this);
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(FLUSH_MILLIS);
      } catch (InterruptedException e) {
        break; // closing
      }
      flush();
    }
  }

  // Not under the log's lock: an event loop with a full buffer takes that one after the buffer's.
  private void flush() {
    for (LineBuffer buffer : buffers) {
      buffer.flushTo(this);
    }
  }

  private synchronized void append(ByteBuffer lines) {
    try {
      while (lines.hasRemaining()) {
        channel.write(lines);
      }
      if (channel.size() >= maxFileSize) {
        rotate();
      }
    } catch (IOException e) {
      LOG.errorf(e, "access log not written file=%s", file);
    }
  }

  private void rotate() throws IOException {
    channel.close();
    for (int i = maxFiles - 1; i >= 1; i--) {
      Path older = numbered(i);
      if (Files.exists(older)) {
        Files.move(older, numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (maxFiles > 0) {
      Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(file);
    }
    channel = open();
  }

  private Path numbered(int i) {
    return file.resolveSibling(file.getFileName() + "." + i);
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  @Override
  public void close() {
    closed = true;
    writer.interrupt();
    flush();
    synchronized (this) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.errorf(e, "access log not closed file=%s", file);
      }
    }
  }

  /** Lines of one event loop; its lock is contended only at a flush. */
  private static final class LineBuffer {
    private final byte[] bytes = new byte[BUFFER_SIZE];
    private int at;
    private long second = -1;
    private byte[] time = new byte[0];

    synchronized void line(Line line, AccessLog log) {
      HttpServerRequest request = line.request();
      if (BUFFER_SIZE - at < 8 * MAX_FIELD) {
        flushTo(log);
      }
      field(line.client());
      ascii(" - ");
      field(line.subject().isAnonymous() ? null : line.subject().name());
      ascii(" [");
      put(time());
      ascii("] \"");
      field(request.method().name());
      ascii(" ");
      field(request.uri());
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
      field(request.getHeader(io.vertx.core.http.HttpHeaders.USER_AGENT));
      ascii("\" ");
      seconds(line.nanos());
      ascii(" ");
      ascii(line.requestId());
      ascii("\n");
    }

    synchronized void flushTo(AccessLog log) {
      if (at > 0) {
        log.append(ByteBuffer.wrap(bytes, 0, at));
        at = 0;
      }
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
}
