package dev.entrepot.storage;

import java.time.Duration;
import java.util.Optional;

/**
 * What an answer to a presigned URL shall be like.
 *
 * @param ttl how long the URL works
 * @param contentType of the answer
 * @param fileName under which a browser offers to save it
 */
public record PresignedRead(Duration ttl, String contentType, Optional<String> fileName) {
  public PresignedRead {
    if (ttl.toSeconds() < 1) {
      throw new IllegalArgumentException("a URL must work for a second at least, not " + ttl);
    }
  }
}
