package dev.entrepot.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ByteRangeTest {
  @Property
  void rangeIsMadeExactlyWhenItsEndIsANumber(@ForAll long offset, @ForAll long length) {
    BigInteger end = BigInteger.valueOf(offset).add(BigInteger.valueOf(length));
    if (offset >= 0 && length >= 0 && end.bitLength() < 64) {
      assertEquals(end.longValueExact() - 1, new ByteRange(offset, length).last());
    } else {
      assertThrows(IllegalArgumentException.class, () -> new ByteRange(offset, length));
    }
  }

  @Property
  void emptyRangeEndsBeforeItStarts(@ForAll @LongRange(min = 0) long offset) {
    assertEquals(offset - 1, new ByteRange(offset, 0).last());
  }
}
