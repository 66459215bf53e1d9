package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Clean-up of what nobody needs. */
public interface GcConfig {
  /**
   * How long a client that was told of a blob may take to push the manifest that needs it. What
   * nothing needs goes after twice this time.
   */
  @WithDefault("24h")
  Duration grace();

  /** Time between two looks at everything. */
  @WithDefault("1h")
  Duration interval();

  /** How many rows one step looks at. */
  @WithDefault("1000")
  int batchSize();

  /** Time between two steps. */
  @WithDefault("100ms")
  Duration pause();

  /**
   * How long a manifest stays that nothing points to, where its repository does not say: not for a
   * tag, not as a child of an index, not with a subject. 0 for the grace time only; for ever when
   * absent.
   */
  Optional<Duration> untaggedAge();

  /** How long a manifest without a tag stays whose subject is not there. */
  @WithDefault("7d")
  Duration absentSubjectAge();
}
