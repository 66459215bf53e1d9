package dev.entrepot.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Listening, TLS, connections. */
public interface HttpConfig {
  /** Address to listen on. */
  @WithDefault("127.0.0.1")
  String host();

  /** Port to listen on; 0 takes a free one. */
  @WithDefault("5000")
  int port();

  /**
   * Allows a host beyond the loopback interface with {@code entrepot.auth.mode=off}: whoever
   * reaches the port may then read, write and delete everything.
   */
  @WithDefault("false")
  boolean allowUnauthenticated();

  /**
   * The URL that clients know this server by, such as {@code https://registry.example.com}. When
   * absent, it is what each request was sent to.
   */
  Optional<String> publicUrl();

  /**
   * Addresses of the proxies in front, such as {@code 10.0.0.0/8,::1}: only what these say in
   * {@code Forwarded} or {@code X-Forwarded-*} is believed.
   */
  Optional<List<String>> trustedProxies();

  /** HTTPS on the port, in place of HTTP. */
  TlsConfig tls();

  /**
   * Time without a byte in either direction after which a connection is closed. Above the longest
   * time that an answer may take to begin.
   */
  @WithDefault("3m")
  Duration idleTimeout();

  /** The most connections at once; further ones wait to be accepted or are closed. */
  @WithDefault("10000")
  int maxConnections();

  /** Largest head of a request. */
  @WithDefault("20K")
  MemorySize maxHeaderSize();

  /**
   * Buffer of the kernel for what one connection still has to send; 0 leaves it to the kernel.
   * Smaller saves memory copies on a fast network, and limits one connection to about twice this
   * per round trip on a slow one.
   */
  @WithDefault("512K")
  MemorySize sendBuffer();

  /** HTTP/2: bytes that a client may send on one request before the server has read them. */
  @WithDefault("2M")
  MemorySize http2StreamWindow();

  /** HTTP/2: the same for all requests of a connection together. */
  @WithDefault("8M")
  MemorySize http2ConnectionWindow();

  /** Time that requests under way get to finish when the server is stopped. */
  @WithDefault("10s")
  Duration shutdownTimeout();

  /**
   * Bytes of a refused request body that are read and dropped, so that the client gets to read the
   * error, before the connection is closed.
   */
  @WithDefault("16M")
  MemorySize drainLimit();

  /** Time after which a refused request body is not read any further. */
  @WithDefault("10s")
  Duration drainTimeout();

  /**
   * Memory for large answers that are not read and manifests that come slowly. When it is spent,
   * the request is dropped whose client has stood still the longest.
   */
  @WithDefault("64M")
  MemorySize requestMemory();

  /**
   * HTTP/1: requests that one connection may send ahead of the answers. One that sends more is
   * closed.
   */
  @WithDefault("64")
  int maxPipelinedRequests();
}
