package dev.entrepot.storage.testkit.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A body on its way, passed on in the form in which it came. */
final class HttpBody {
  private static final int BUFFER = 64 * 1024;

  private final InputStream in;
  private final boolean chunked;
  private final long length;

  private HttpBody(InputStream in, boolean chunked, long length) {
    this.in = in;
    this.chunked = chunked;
    this.length = length;
  }

  static HttpBody ofRequest(HttpHead head, InputStream in) {
    return new HttpBody(in, head.isChunked(), head.contentLength().orElse(0L));
  }

  static HttpBody ofAnswer(HttpHead head, String method, InputStream in) {
    boolean none = method.equals("HEAD") || head.status() == 204 || head.status() == 304;
    // Without a length it ends with the connection.
    return none
        ? new HttpBody(in, false, 0)
        : new HttpBody(in, head.isChunked(), head.contentLength().orElse(Long.MAX_VALUE));
  }

  boolean endsWithConnection() {
    return !chunked && length == Long.MAX_VALUE;
  }

  void copyTo(OutputStream out) throws IOException {
    if (!chunked) {
      copy(length, out);
    } else {
      while (copyChunk(out)) {
        out.flush();
      }
    }
    out.flush();
  }

  /** Passes on half of it, or one chunk of many. */
  void copyHalfTo(OutputStream out) throws IOException {
    if (chunked) {
      copyChunk(out);
    } else {
      copy(endsWithConnection() ? 1 : length / 2, out);
    }
    out.flush();
  }

  private boolean copyChunk(OutputStream out) throws IOException {
    String line = copyLine(out);
    long size = Long.parseLong(line.split(";", 2)[0].strip(), 16);
    if (size > 0) {
      copy(size, out);
      copyLine(out);
      return true;
    }
    while (!copyLine(out).isEmpty()) {
      // trailers
    }
    return false;
  }

  private String copyLine(OutputStream out) throws IOException {
    StringBuilder line = new StringBuilder();
    int next;
    do {
      next = in.read();
      if (next < 0) {
        throw new EOFException("the body is cut off");
      }
      line.append((char) next);
    } while (next != '\n');
    out.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
    return line.toString().strip();
  }

  private void copy(long bytes, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = bytes;
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        if (endsWithConnection()) {
          return;
        }
        throw new EOFException("the body is cut off");
      }
      out.write(buffer, 0, count);
      out.flush();
      left -= count;
    }
  }
}
