package dev.entrepot.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the proxies in front say of a request: {@code Forwarded} (RFC 7239), or where there is none
 * the {@code X-Forwarded-*} headers. The nearest proxy's word comes last.
 *
 * @param addresses of the client and of all proxies but the nearest
 * @param scheme as the nearest proxy was asked; null when it does not say
 * @param host the same of the authority
 * @param port the same of the port alone
 */
record ForwardedHeaders(
    List<String> addresses, @Nullable String scheme, @Nullable String host, @Nullable String port) {

  static ForwardedHeaders of(HttpServerRequest request) {
    return of(request.headers());
  }

  /**
   * Most proxies write one of the two and pass the other one on as a client sent it. So where both
   * are there, only the addresses count that they agree on, from the nearest proxy's on.
   */
  static ForwardedHeaders of(MultiMap headers) {
    List<String> elements = elements(headers, "Forwarded");
    var legacy =
        new ForwardedHeaders(
            elements(headers, "X-Forwarded-For").stream().map(ForwardedHeaders::bare).toList(),
            last(elements(headers, "X-Forwarded-Proto")),
            last(elements(headers, "X-Forwarded-Host")),
            last(elements(headers, "X-Forwarded-Port")));
    if (elements.isEmpty()) {
      return legacy;
    }
    String nearest = elements.getLast();
    var standard =
        new ForwardedHeaders(
            elements.stream().map(e -> bare(String.valueOf(parameter(e, "for")))).toList(),
            parameter(nearest, "proto"),
            parameter(nearest, "host"),
            null);
    return legacy.isEmpty()
        ? standard
        : new ForwardedHeaders(
            agreed(standard.addresses, legacy.addresses), legacy.scheme, legacy.host, legacy.port);
  }

  private boolean isEmpty() {
    return addresses.isEmpty() && scheme == null && host == null && port == null;
  }

  /** The longest end that both lists have. */
  private static List<String> agreed(List<String> one, List<String> other) {
    int count = 0;
    while (count < Math.min(one.size(), other.size())
        && one.get(one.size() - 1 - count).equals(other.get(other.size() - 1 - count))) {
      count++;
    }
    return one.subList(one.size() - count, one.size());
  }

  /** The last address that is none of the proxies': whatever stands before it, anybody may say. */
  String client(String peer, AddressRanges proxies) {
    String client = peer;
    for (String address : addresses.reversed()) {
      if (!proxies.contains(client)) {
        break;
      }
      client = bare(address);
    }
    return client;
  }

  String scheme(String otherwise) {
    if (scheme == null) {
      return otherwise;
    }
    return scheme.toLowerCase(Locale.ROOT).equals("https") ? "https" : "http";
  }

  @Nullable String authority(@Nullable String otherwise) {
    String authority = host == null ? otherwise : host;
    if (authority == null || port == null) {
      return authority;
    }
    String name = authority.replaceFirst(":[0-9]+$", "");
    boolean usual = port.equals("https".equals(scheme) ? "443" : "80");
    return usual ? name : name + ":" + port;
  }

  /** Without brackets and port. */
  private static String bare(String address) {
    if (address.startsWith("[")) {
      int end = address.indexOf(']');
      return end < 0 ? address : address.substring(1, end);
    }
    boolean port = address.indexOf(':') >= 0 && address.indexOf(':') == address.lastIndexOf(':');
    return port ? address.substring(0, address.indexOf(':')) : address;
  }

  private static List<String> elements(MultiMap headers, String header) {
    List<String> elements = new ArrayList<>();
    for (String line : headers.getAll(header)) {
      for (String element : line.split(",", -1)) {
        elements.add(element.strip());
      }
    }
    return elements;
  }

  private static @Nullable String last(List<String> elements) {
    return elements.isEmpty() ? null : elements.getLast();
  }

  private static @Nullable String parameter(String element, String name) {
    for (String pair : element.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase(name)) {
        String value = pair.substring(equals + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
      }
    }
    return null;
  }
}
