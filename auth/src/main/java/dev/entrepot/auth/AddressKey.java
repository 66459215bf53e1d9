package dev.entrepot.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/**
 * What addresses are told apart by: an IPv4 address by itself, IPv6 addresses by their first 64
 * bits, since whoever has one of those has them all.
 */
public final class AddressKey {
  private static final int NETWORK_BYTES = 8;

  private AddressKey() {}

  /**
   * The key of an address.
   *
   * @param address an IP address as text; of anything else the key is that itself
   */
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet6Address six
          ? HexFormat.of().formatHex(six.getAddress(), 0, NETWORK_BYTES)
          : parsed.getHostAddress();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
