package dev.entrepot.storage.testkit.s3;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A start line and headers, kept as the bytes that they came as. */
record HttpHead(byte[] bytes) {
  private static final int MAX_BYTES = 64 * 1024;

  /** The next head; empty at the end of the stream. */
  static Optional<HttpHead> read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int ended = 0; // how many bytes of CR LF CR LF were just seen
    while (ended < 4) {
      int next = in.read();
      if (next < 0) {
        if (bytes.size() == 0) {
          return Optional.empty();
        }
        throw new EOFException("the head is cut off");
      }
      bytes.write(next);
      if (bytes.size() > MAX_BYTES) {
        throw new IOException("the head is too long");
      }
      ended = next == (ended % 2 == 0 ? '\r' : '\n') ? ended + 1 : next == '\r' ? 1 : 0;
    }
    return Optional.of(new HttpHead(bytes.toByteArray()));
  }

  private List<String> lines() {
    return new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
  }

  String startLine() {
    return lines().getFirst();
  }

  /** The status of an answer. */
  int status() {
    return Integer.parseInt(startLine().split(" ", 3)[1]);
  }

  Optional<String> header(String name) {
    return lines().stream()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  boolean isChunked() {
    return header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
  }

  Optional<Long> contentLength() {
    return header("Content-Length").map(Long::valueOf);
  }

  boolean closesConnection() {
    return header("Connection").filter("close"::equalsIgnoreCase).isPresent();
  }
}
