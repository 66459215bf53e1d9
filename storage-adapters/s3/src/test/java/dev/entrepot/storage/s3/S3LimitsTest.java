package dev.entrepot.storage.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class S3LimitsTest {
  private static final S3Limits USUAL = S3Limits.DEFAULT;

  @Test
  void partsDoubleEveryThousand() {
    assertEquals(8 << 20, USUAL.partSize(1));
    assertEquals(8 << 20, USUAL.partSize(1000));
    assertEquals(16 << 20, USUAL.partSize(1001));
  }

  @Test
  void tenThousandPartsAreEnoughForALargeLayer() {
    long size = 0;
    for (int number = 1; number <= S3Limits.MAX_PARTS; number++) {
      size += USUAL.partSize(number);
    }
    assertTrue(size > 400_000_000_000L, "" + size);
  }

  @Test
  void noPartTakesMoreThanHalfOfTheMemory() {
    assertEquals(USUAL.bufferBudget() / 2, USUAL.partSize(S3Limits.MAX_PARTS));
  }

  @Test
  void memoryForLessThanTwoPartsIsRefused() {
    Duration any = Duration.ofSeconds(1);
    assertThrows(
        IllegalArgumentException.class,
        () -> new S3Limits(1, any, any, 1, 8 << 20, 1, 15 << 20, any));
    assertThrows(
        IllegalArgumentException.class,
        () -> new S3Limits(1, any, any, 1, 4 << 20, 1, 64 << 20, any));
  }
}
