package dev.entrepot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardedHeadersTest {
  private static final AddressRanges PROXIES =
      AddressRanges.of(List.of("10.0.0.0/8", "192.168.1.1", "fd00::/8"));

  @Test
  void rangesHaveTheirAddressesAndNoOthers() {
    assertTrue(PROXIES.contains("10.255.0.1"));
    assertTrue(PROXIES.contains("::ffff:10.1.2.3"));
    assertTrue(PROXIES.contains("fd12::1"));
    assertTrue(PROXIES.contains("192.168.1.1"));
    assertFalse(PROXIES.contains("192.168.1.2"));
    assertFalse(PROXIES.contains("11.0.0.1"));
    assertFalse(PROXIES.contains("fe80::1"));
    assertFalse(PROXIES.contains("proxy.example.com"));
  }

  @Test
  void aPrefixThatEndsWithinAByteCountsItsBits() {
    AddressRanges range = AddressRanges.of(List.of("10.16.0.0/12"));
    assertTrue(range.contains("10.31.255.255"));
    assertFalse(range.contains("10.32.0.0"));
  }

  @Test
  void malformedRangesAreRefused() {
    for (String range : List.of("", "10.0.0.0/33", "x/8", "10.0.0.0/x", "10.0.0.0/-1")) {
      assertThrows(IllegalArgumentException.class, () -> AddressRanges.of(List.of(range)), range);
    }
  }

  @Test
  void theClientIsTheLastAddressThatIsNoProxy() {
    assertEquals("203.0.113.9", client("198.51.100.1", "203.0.113.9", "10.0.0.2"));
    assertEquals("203.0.113.9", client("203.0.113.9"));
    assertEquals("2001:db8::1", client("[2001:db8::1]:4711"));
    assertEquals("203.0.113.9", client("203.0.113.9:80"));
    assertEquals("10.0.0.1", client());
  }

  @Test
  void schemeHostAndPortAreThoseOfTheNearestProxy() {
    var headers = new ForwardedHeaders(List.of(), "https", "registry.example.com", "8443");
    assertEquals("https", headers.scheme("http"));
    assertEquals("registry.example.com:8443", headers.authority("inner:5000"));
    var usual = new ForwardedHeaders(List.of(), "https", "registry.example.com:80", "443");
    assertEquals("registry.example.com", usual.authority("inner:5000"));
    var silent = new ForwardedHeaders(List.of(), null, null, null);
    assertEquals("inner:5000", silent.authority("inner:5000"));
    assertEquals("http", silent.scheme("http"));
  }

  @Test
  void whatTheProxyOnlyPassesOnCountsNothing() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("X-Forwarded-For", "203.0.113.9").add("X-Forwarded-Proto", "https");
    headers.add("Forwarded", "for=198.51.100.77;proto=http;host=evil.example");
    ForwardedHeaders both = ForwardedHeaders.of(headers);
    assertEquals("10.0.0.1", both.client("10.0.0.1", PROXIES));
    assertEquals("https", both.scheme("http"));
    assertEquals("inner:5000", both.authority("inner:5000"));
    headers.set("Forwarded", "for=198.51.100.77, for=\"203.0.113.9:4711\"");
    assertEquals("203.0.113.9", ForwardedHeaders.of(headers).client("10.0.0.1", PROXIES));
    headers.remove("X-Forwarded-For");
    assertEquals("10.0.0.1", ForwardedHeaders.of(headers).client("10.0.0.1", PROXIES));
    headers.remove("X-Forwarded-Proto");
    assertEquals("203.0.113.9", ForwardedHeaders.of(headers).client("10.0.0.1", PROXIES));
  }

  private static String client(String... addresses) {
    return new ForwardedHeaders(List.of(addresses), null, null, null).client("10.0.0.1", PROXIES);
  }
}
