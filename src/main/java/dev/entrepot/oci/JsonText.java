package dev.entrepot.oci;

import static dev.entrepot.oci.ManifestReader.invalid;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** What RFC 8259 asks of JSON between systems before it is parsed: UTF-8, no byte order mark. */
final class JsonText {
  private JsonText() {}

  /**
   * Checks that content is UTF-8 and starts as a JSON object does, so that no parser takes it for
   * another encoding.
   */
  static void check(byte[] content) {
    int start = 0;
    while (start < content.length && isWhitespace(content[start])) {
      start++;
    }
    if (start == content.length) {
      throw invalid("the manifest", "is empty");
    }
    if (content[start] != '{') {
      throw invalid("the manifest", "is not a JSON object");
    }
    for (byte b : content) {
      if (b == 0) {
        throw invalid("the manifest", "holds a NUL byte");
      }
    }
    checkUtf8(content);
  }

  private static void checkUtf8(byte[] content) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(Math.min(8192, content.length + 1));
    CoderResult result;
    do {
      out.clear();
      result = decoder.decode(in, out, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw invalid("the manifest", "is not UTF-8 at byte " + in.position());
    }
  }

  private static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
