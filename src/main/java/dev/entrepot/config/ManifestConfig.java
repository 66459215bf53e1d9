package dev.entrepot.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;

/** Manifests. */
public interface ManifestConfig {
  /** Largest manifest that is taken. */
  @WithDefault("4M")
  MemorySize maxSize();

  /** Most blobs and child manifests that one manifest may reference. */
  @WithDefault("10000")
  int maxReferences();

  /**
   * Most names, values and brackets in the JSON of one manifest; a reference takes about ten, its
   * annotations two each.
   */
  @WithDefault("1000000")
  int maxTokens();

  /**
   * Takes an index some of whose child manifests are not in the repository; blobs must be there all
   * the same.
   */
  @WithDefault("false")
  boolean allowSparseIndexes();
}
