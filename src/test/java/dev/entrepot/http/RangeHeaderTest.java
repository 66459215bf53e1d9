package dev.entrepot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.ByteRange;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeHeaderTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-99, 0, 100",
    "bytes=10-, 10, 90",
    "bytes=10-500, 10, 90",
    "bytes=-1, 99, 1",
    "bytes=-500, 0, 100",
    "bytes=10-99999999999999999999, 10, 90",
    "bytes=99-, 99, 1"
  })
  void oneRangeIsCutToTheBlob(String header, long offset, long length) {
    assertEquals(Optional.of(new ByteRange(offset, length)), RangeHeader.resolve(header, 100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=100-",
        "bytes=500-0",
        "bytes=50-40",
        "bytes=-0",
        "bytes=100-200",
        "bytes=99999999999999999999-"
      })
  void aRangeOutsideTheBlobIsRefusedWithItsSize(String header) {
    RegistryException refused =
        assertThrows(RegistryException.class, () -> RangeHeader.resolve(header, 100));
    assertEquals(ErrorCode.RANGE_INVALID, refused.code());
    assertEquals("bytes */100", refused.headers().get("Content-Range"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes=-", "bytes=", "0-1", "bytes=1"})
  void whatIsNotOneRangeOfBytesIsIgnored(String header) {
    assertEquals(Optional.empty(), RangeHeader.resolve(header, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-0", "bytes=-1", "bytes=0-"})
  void anEmptyBlobHasNoRanges(String header) {
    assertThrows(RegistryException.class, () -> RangeHeader.resolve(header, 0));
  }
}
