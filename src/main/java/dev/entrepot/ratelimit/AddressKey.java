package dev.entrepot.ratelimit;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What addresses are told apart by: an IPv4 address by itself, IPv6 addresses by their first 64
 * bits, since whoever has one of those has them all.
 */
final class AddressKey {
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private AddressKey() {}

  static String of(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null || bytes.length == 4) {
      return address;
    }
    if (Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length)) {
      return NetUtil.bytesToIpAddress(Arrays.copyOfRange(bytes, MAPPED.length, bytes.length));
    }
    return HexFormat.of().formatHex(bytes, 0, 8);
  }
}
