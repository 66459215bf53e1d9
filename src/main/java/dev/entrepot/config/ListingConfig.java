package dev.entrepot.config;

import io.smallrye.config.WithDefault;

/** Lists of tags, repositories and referrers. */
public interface ListingConfig {
  /** Most tags or repositories on one page; a client that asks for more gets a link to the rest. */
  @WithDefault("10000")
  int maxPageSize();

  /** Most referrers on one page. It ends before, where their annotations take much room. */
  @WithDefault("1000")
  int referrersPageSize();
}
