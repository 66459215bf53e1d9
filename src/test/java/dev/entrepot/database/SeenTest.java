package dev.entrepot.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeenTest {
  private static final Seen SEEN = new Seen(10, 20, List.of(12L, 15L));

  @Test
  void seesWhatHadEnded() {
    assertTrue(SEEN.sees(9));
    assertTrue(SEEN.sees(11));
    assertTrue(SEEN.sees(19));
  }

  @Test
  void doesNotSeeWhatWasRunningOrCameLater() {
    assertFalse(SEEN.sees(12));
    assertFalse(SEEN.sees(15));
    assertFalse(SEEN.sees(20));
    assertFalse(SEEN.sees(21));
  }

  @Test
  void readsWhatItWrites() {
    assertEquals(SEEN, Seen.parse(SEEN.text()));
    assertEquals("10:20:12,15", SEEN.text());
    assertEquals(new Seen(7, 7, List.of()), Seen.parse("7:7:"));
  }

  @Test
  void aTextThatIsNoneHasSeenNothing() {
    for (String text : List.of("", "1:2", "x:y:", "1:2:3,", "1:2:-3", "9".repeat(19) + ":2:")) {
      assertEquals(Seen.NOTHING, Seen.parse(text), text);
    }
  }

  @Test
  void ofManyRunningItTakesNoneAsSeenThatCameAfterTheFirst() {
    Seen busy = new Seen(100, 300, LongStream.range(100, 200).boxed().toList());
    assertTrue(busy.sees(99));
    assertFalse(busy.sees(250));
    assertTrue(busy.text().length() < 20);
  }
}
