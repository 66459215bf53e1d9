package dev.entrepot.auth;

import java.util.Locale;
import java.util.Optional;

/** What a caller wants to do. */
public enum Action {
  /** Speak to the registry at all: {@code GET /v2/}. */
  PING,
  /** List the repositories that the caller may see: {@code GET /v2/_catalog}. */
  CATALOG,
  /** Read manifests, blobs, tags, referrers of a repository. */
  PULL,
  /** Add blobs, manifests and new tags to a repository. */
  PUSH,
  /** Let an existing tag point elsewhere. */
  RETAG,
  /** Attach signatures and other statements to a manifest. */
  SIGN,
  /** Take blobs, manifests and tags away from a repository. */
  DELETE,
  /** Ask for a scan, and read its findings. */
  SCAN,
  /** Change the repository's description and tag rules. */
  SETTINGS,
  /** Say that an image may become official. */
  APPROVE,
  /** Change who may do what in the repository, its visibility and quota; delete it. */
  ADMINISTER;

  /** As scopes and settings name it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The action of a name; empty for a name that is none. */
  public static Optional<Action> find(String text) {
    for (Action action : values()) {
      if (action.text().equals(text)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }
}
