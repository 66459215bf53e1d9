package dev.entrepot.http;

import dev.entrepot.auth.Subject;
import dev.entrepot.config.AccessLogConfig;
import dev.entrepot.error.StartupException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * One line per request, in the combined log format with the request's seconds and id after it.
 *
 * <p>Each event loop formats into buffers of its own; one thread writes them to the file twice a
 * second, or when one is full. A line costs well under a microsecond that way, and never waits for
 * the disk: lines that find no room are dropped and counted. A kill of the process loses at most
 * the last half second of lines.
 */
final class AccessLog implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(AccessLog.class);
  private static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long CLOSE_MILLIS = 5000;

  private final Path file;
  private final long maxFileSize;
  private final int maxFiles;
  private final Counter dropped;
  private final List<AccessLogLines> all = new CopyOnWriteArrayList<>();
  private final ThreadLocal<AccessLogLines> mine =
      ThreadLocal.withInitial(
          () -> {
            AccessLogLines lines = new AccessLogLines();
            all.add(lines);
            return lines;
          });
  private final Thread writer;
  private FileChannel channel; // of the writer, once that runs
  private boolean failing;
  private volatile boolean closed;

  /**
   * Opens the file.
   *
   * @throws StartupException when it cannot be written
   */
  AccessLog(Path file, AccessLogConfig config, MeterRegistry metrics) {
    this.file = file;
    this.maxFileSize = config.maxFileSize().asLongValue();
    this.maxFiles = config.maxFiles();
    this.dropped =
        Counter.builder("entrepot.access.log.dropped")
            .description("Lines of the access log that could not be written in time")
            .register(metrics);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      this.channel = open();
    } catch (IOException e) {
      throw new StartupException(
          "The access log "
              + file
              + " cannot be written ("
              + e
              + "). Choose another with entrepot.access-log.file, or set"
              + " entrepot.access-log.enabled=false.",
          e);
    }
    this.writer = Thread.ofPlatform().daemon().name("access-log").start(this::run);
  }

  /**
   * An answered request.
   *
   * @param target the path, and the query where that cannot hold a secret
   */
  record Line(
      HttpServerRequest request,
      String target,
      String client,
      Subject subject,
      int status,
      long bytes,
      long nanos,
      String requestId) {}

  void write(Line line) {
    switch (mine.get().add(line)) {
      case YES -> {}
      case AND_FULL -> LockSupport.unpark(writer);
      case DROPPED -> dropped.increment();
    }
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(FLUSH_NANOS);
      flush();
    }
    flush();
    closeChannel();
  }

  private void flush() {
    for (AccessLogLines lines : all) {
      lines.take().forEach(this::append);
    }
  }

  private void append(ByteBuffer lines) {
    try {
      if (!channel.isOpen()) {
        channel = open(); // a new file could not be begun
      }
      while (lines.hasRemaining()) {
        channel.write(lines);
      }
      if (channel.size() >= maxFileSize) {
        rotate();
      }
      failing = false;
    } catch (IOException e) {
      while (lines.hasRemaining()) {
        dropped.increment(lines.get() == '\n' ? 1 : 0);
      }
      if (!failing) { // once, not with every buffer
        LOG.errorf(e, "access log not written file=%s", file);
      }
      failing = true;
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

  /** Writes what there is. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeChannel() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.errorf(e, "access log not closed file=%s", file);
    }
  }
}
