package dev.entrepot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRangeTest {
  @ParameterizedTest
  @ValueSource(strings = {"10-19", " 10-19 ", "bytes 10-19/*", "bytes 10-19/100", "bytes=10-19"})
  void bothWritingsAreRead(String header) {
    assertEquals(new ContentRange(10, 19), ContentRange.parse(header));
    assertEquals(10, ContentRange.parse(header).length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "10-", "-19", "19-10", "a-b", "10-19-20", "99999999999999999999-1"})
  void anythingElseIsRefused(String header) {
    RegistryException refused =
        assertThrows(RegistryException.class, () -> ContentRange.parse(header));
    assertEquals(ErrorCode.BLOB_UPLOAD_INVALID, refused.code());
  }
}
