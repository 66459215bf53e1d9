package dev.entrepot.config;

import java.nio.file.Path;
import java.util.Optional;

/** Access keys that a security token service gives for a token (AssumeRoleWithWebIdentity). */
public interface S3WebIdentityConfig {
  /** The file with the token, which is read again each time: others renew it. */
  Optional<Path> tokenFile();

  /** {@code https://host[:port]} of the service; the store's own when absent. */
  Optional<String> endpoint();

  /** The role to take on, where the service wants one. */
  Optional<String> role();
}
