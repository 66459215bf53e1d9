package dev.entrepot.http;

/** The paths of the registry API: distribution-spec, "Endpoints". */
public enum Route {
  /** {@code /v2/}. */
  BASE,
  /** {@code /v2/_catalog}. */
  CATALOG,
  /** {@code /v2/<name>/tags/list}. */
  TAGS,
  /** {@code /v2/<name>/manifests/<tag-or-digest>}. */
  MANIFEST,
  /** {@code /v2/<name>/blobs/<digest>}. */
  BLOB,
  /** {@code /v2/<name>/blobs/uploads/}. */
  UPLOADS,
  /** {@code /v2/<name>/blobs/uploads/<id>}. */
  UPLOAD,
  /** {@code /v2/<name>/referrers/<digest>}. */
  REFERRERS,
  /** Anything else below {@code /v2/}. */
  UNKNOWN
}
