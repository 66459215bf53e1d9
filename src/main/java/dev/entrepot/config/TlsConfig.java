package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** HTTPS on the port, in place of HTTP. */
public interface TlsConfig {
  /** PEM file with the certificate and, after it, those that it was issued by. */
  Optional<Path> certificate();

  /** PEM file with the private key of the certificate. */
  Optional<Path> key();

  /** Whether clients show certificates: never, if they like, or always. */
  @WithDefault("none")
  ClientAuth clientAuth();

  /** PEM file with the authorities whose certificates clients may show. */
  Optional<Path> clientCa();

  /**
   * How often the two files are looked at. A change is taken over without a restart once it has
   * been there for two looks; files that do not fit together change nothing.
   */
  @WithDefault("1s")
  Duration reloadInterval();

  /** Whether clients show certificates. */
  enum ClientAuth {
    NONE,
    REQUEST,
    REQUIRED
  }
}
