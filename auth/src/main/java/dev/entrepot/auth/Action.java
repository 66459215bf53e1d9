package dev.entrepot.auth;

/** What a caller wants to do. */
public enum Action {
  /** Speak to the registry at all: {@code GET /v2/}. */
  PING,
  /** List the repositories: {@code GET /v2/_catalog}. */
  CATALOG,
  /** Read manifests, blobs, tags, referrers of a repository. */
  PULL,
  /** Add blobs, manifests and tags to a repository. */
  PUSH,
  /** Take blobs, manifests and tags away from a repository. */
  DELETE
}
