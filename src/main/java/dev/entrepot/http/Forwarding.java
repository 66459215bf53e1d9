package dev.entrepot.http;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.error.StartupException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from, and what the client had asked for, behind proxies. What a header says
 * of that counts only if the peer is one of {@code entrepot.http.trusted-proxies}.
 */
@Singleton
public final class Forwarding {
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

  private final @Nullable String publicUrl;
  private final AddressRanges proxies;

  Forwarding(EntrepotConfig config) {
    this.publicUrl = config.http().publicUrl().map(url -> url.replaceFirst("/+$", "")).orElse(null);
    try {
      this.proxies = AddressRanges.of(config.http().trustedProxies().orElse(List.of()));
    } catch (IllegalArgumentException e) {
      throw new StartupException("entrepot.http.trusted-proxies: " + e.getMessage(), e);
    }
  }

  /** Whether the address is one of the proxies'. */
  public boolean isProxy(String address) {
    return proxies.contains(address);
  }

  /** The address that the client has, as text without a zone. */
  public String clientAddress(HttpServerRequest request) {
    String peer = String.valueOf(request.remoteAddress().hostAddress());
    return proxies.contains(peer) ? ForwardedHeaders.of(request).client(peer, proxies) : peer;
  }

  /**
   * The URL of this server's root, as the client knows it, without a slash at the end.
   *
   * @throws RegistryException HEADER_INVALID when the request names no proper host
   */
  public String url(HttpServerRequest request) {
    if (publicUrl != null) {
      return publicUrl;
    }
    String scheme = request.isSSL() ? "https" : "http";
    HostAndPort host = request.authority();
    String authority = host == null ? request.getHeader(HttpHeaders.HOST) : host.toString();
    String peer = String.valueOf(request.remoteAddress().hostAddress());
    if (proxies.contains(peer)) {
      ForwardedHeaders headers = ForwardedHeaders.of(request);
      scheme = headers.scheme(scheme);
      authority = headers.authority(authority);
    }
    if (authority == null || !AUTHORITY.matcher(authority).matches()) {
      throw new RegistryException(ErrorCode.HEADER_INVALID, "the request names no proper host");
    }
    return scheme + "://" + authority;
  }
}
