package dev.entrepot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {
  @Test
  void notModifiedKeepsTheDigestAndDropsWhatTellsOfABody() {
    Reply whole =
        Reply.status(200)
            .header(Headers.CONTENT_DIGEST, "sha256:0")
            .header(HttpHeaders.ETAG, "\"sha256:0\"")
            .body("text/plain", new byte[3]);
    Reply unchanged = whole.notModified();
    assertEquals(304, unchanged.status());
    assertNull(unchanged.body());
    assertEquals(
        List.of("Docker-Content-Digest", "sha256:0", "etag", "\"sha256:0\""),
        Arrays.stream(unchanged.headers()).map(CharSequence::toString).toList());
  }
}
