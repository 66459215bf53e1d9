package dev.entrepot.error;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.docs.GeneratedPage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorTableTest {
  private static final String HEAD =
      """
      # Errors

      <!-- Generated from ErrorCode; do not edit. docs/contributing.md says how to write it anew. -->

      Every answer of `/v2/` with a status from 400 on carries the envelope of the distribution
      specification ("Error Codes"), `Content-Type: application/json`:

      ```json
      {"errors": [{"code": "BLOB_UNKNOWN", "message": "blob unknown to the repository", "detail": {"digest": "sha256:…"}}]}
      ```

      - `code` is what programs decide by. Two rows of the table may share a code and differ in
        status.
      - `message` says in general what is wrong, or more exactly where more is known. It may change.
      - `detail` is an object that names the digest, tag, limit, offset … in question; where there is
        nothing to name, the request id. That is also in the header `X-Request-Id` of every answer, in
        the access log and, for faults, in the server's log. No answer holds a stack trace.
      - `MANIFEST_BLOB_UNKNOWN` comes once for each digest that is missing, 100 at most.
      - An answer to `HEAD` has no body, so only the status and the headers tell. What cannot be read as
        a request at all (no `Host`, too long a head, a malformed escape in the query) is refused before
        the registry sees it, with a status and no body.

      | status | code | message | what it means and what to do |
      |---|---|---|---|
      """;

  @Test
  void theDocumentedTableIsTheOneOfTheCode() {
    StringBuilder page = new StringBuilder(HEAD);
    inOrder().forEach(error -> page.append(row(error)));
    new GeneratedPage("docs/api/errors.md").mustBe(page.toString());
  }

  @Test
  void everyErrorSaysWhatItMeansInWholeSentences() {
    for (ErrorCode error : ErrorCode.values()) {
      assertTrue(error.documentation().endsWith("."), error + " is documented in sentences");
    }
  }

  @Test
  void everyErrorIsAClientOrServerError() {
    for (ErrorCode error : ErrorCode.values()) {
      assertTrue(error.status() >= 400 && error.status() < 600, error + " has an error status");
    }
  }

  private static List<ErrorCode> inOrder() {
    return Arrays.stream(ErrorCode.values())
        .sorted(Comparator.comparing(ErrorCode::status).thenComparing(ErrorCode::code))
        .toList();
  }

  private static String row(ErrorCode error) {
    return "| %d | `%s` | %s | %s |\n"
        .formatted(
            error.status(),
            error.code(),
            GeneratedPage.cell(error.message()),
            GeneratedPage.cell(error.documentation()));
  }
}
