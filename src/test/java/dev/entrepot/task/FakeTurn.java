package dev.entrepot.task;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A turn that remembers its progress and is told when to stop. */
public final class FakeTurn implements Jobs.JobRun {
  public long fence = 1;
  public int stopAfter = Integer.MAX_VALUE;
  private @Nullable String progress;
  private int saved;

  @Override
  public long fence() {
    return fence;
  }

  @Override
  public Optional<String> progress() {
    return Optional.ofNullable(progress);
  }

  @Override
  public void save(@Nullable String now) {
    progress = now;
    saved++;
  }

  @Override
  public boolean isStopping() {
    return saved >= stopAfter;
  }
}
