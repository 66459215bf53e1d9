package dev.entrepot.auth.token;

import java.util.List;
import java.util.Optional;

/**
 * The keys of the registry's tokens, as they are right now. Rotates without a word to its callers:
 * a key is published before it signs, and stays findable for as long as its last token lives. All
 * methods answer from memory and may be called from many threads.
 */
public interface KeyRing {
  /**
   * The key that signs now.
   *
   * @throws IllegalStateException when there is none, or keys could not be read
   */
  SigningKey current();

  /**
   * The key of a name, when its tokens are valid now.
   *
   * @param kid comes from whoever sends a token: to be compared with known names and nothing else
   */
  Optional<SigningKey> find(String kid);

  /** All keys to publish: those whose tokens are valid, and the one that will sign next. */
  List<SigningKey> published();
}
