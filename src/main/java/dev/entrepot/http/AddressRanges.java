package dev.entrepot.http;

import io.netty.util.NetUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ranges of addresses, such as {@code 10.0.0.0/8}, {@code fd00::/8} or {@code 127.0.0.1}. */
public final class AddressRanges {
  private record Range(byte[] address, int bits) {
    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit += 8) {
        int mask = 0xFF & (bits - bit >= 8 ? 0xFF : 0xFF00 >> bits - bit);
        if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Range> ranges;

  private AddressRanges(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * Reads ranges.
   *
   * @throws IllegalArgumentException when one is malformed
   */
  public static AddressRanges of(List<String> ranges) {
    return new AddressRanges(ranges.stream().map(AddressRanges::parse).toList());
  }

  /** Whether one of them has this address; a text that is no address is in none. */
  public boolean contains(String address) {
    if (ranges.isEmpty()) {
      return false;
    }
    byte[] bytes = bytes(address);
    return bytes != null && ranges.stream().anyMatch(range -> range.contains(bytes));
  }

  private static Range parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException("no range of addresses: " + text);
    }
    int bits = slash < 0 ? 8 * address.length : number(text.substring(slash + 1));
    if (bits < 0 || bits > 8 * address.length) {
      throw new IllegalArgumentException("no range of addresses: " + text);
    }
    return new Range(address, bits);
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
  }

  /** An IPv4 address that is written as an IPv6 one is the IPv4 one; names are not looked up. */
  private static byte @Nullable [] bytes(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null || bytes.length == 4) {
      return bytes;
    }
    for (int i = 0; i < 12; i++) {
      if (bytes[i] != (i < 10 ? 0 : (byte) 0xFF)) {
        return bytes;
      }
    }
    return java.util.Arrays.copyOfRange(bytes, 12, 16);
  }
}
