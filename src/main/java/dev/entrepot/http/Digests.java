package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.Digest;
import java.util.Map;

/** Digests in paths and parameters. */
public final class Digests {
  private Digests() {}

  /**
   * Reads a digest that a client sent.
   *
   * @throws RegistryException DIGEST_INVALID when it is malformed or of another algorithm
   */
  public static Digest parse(String text) {
    return Digest.tryParse(text)
        .orElseThrow(
            () ->
                new RegistryException(
                    ErrorCode.DIGEST_INVALID,
                    "not a sha256 or sha512 digest",
                    Map.of("digest", text)));
  }
}
