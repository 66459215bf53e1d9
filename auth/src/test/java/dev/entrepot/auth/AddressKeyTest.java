package dev.entrepot.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressKeyTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:db8::1, 2001:db8::2",
    "2001:db8:0:0:1::, 2001:db8:0:0:ffff:ffff:ffff:ffff",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void oneCallerHas(String one, String other) {
    assertEquals(AddressKey.of(one), AddressKey.of(other));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.2",
    "2001:db8::1, 2001:db8:0:1::1",
    "::ffff:192.0.2.1, ::ffff:192.0.2.2"
  })
  void twoCallersHave(String one, String other) {
    assertNotEquals(AddressKey.of(one), AddressKey.of(other));
  }
}
