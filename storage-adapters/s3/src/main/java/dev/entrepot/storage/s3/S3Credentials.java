package dev.entrepot.storage.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where access keys come from. */
public sealed interface S3Credentials {
  /** Keys that stay the same. */
  record Keys(String accessKey, String secretKey) implements S3Credentials {
    @Override
    public String toString() {
      return "Keys[" + accessKey + "]";
    }
  }

  /**
   * The token in a file, which another program renews, is exchanged for keys at a security token
   * service (AssumeRoleWithWebIdentity).
   */
  record WebIdentity(URI endpoint, Path tokenFile, Optional<String> role)
      implements S3Credentials {}

  /**
   * What the environment offers, as AWS defines it: the variables {@code AWS_ACCESS_KEY_ID} and
   * {@code AWS_SECRET_ACCESS_KEY}, {@code AWS_WEB_IDENTITY_TOKEN_FILE}, a container's or the
   * machine's role.
   */
  record Environment() implements S3Credentials {}
}
