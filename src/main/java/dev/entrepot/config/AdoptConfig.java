package dev.entrepot.config;

/** Taking over what another registry keeps. */
public interface AdoptConfig {
  /** The object store that {@code adopt --from s3://BUCKET} reads. */
  AdoptS3Config s3();
}
