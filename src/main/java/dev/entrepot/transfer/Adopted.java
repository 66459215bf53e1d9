package dev.entrepot.transfer;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What was taken over, and what was not. Safe for use by many threads. */
public final class Adopted {
  private final Consumer<String> out;
  private final long started = System.nanoTime();
  private final LongAdder repositories = new LongAdder();
  private final LongAdder manifests = new LongAdder();
  private final LongAdder referrers = new LongAdder();
  private final LongAdder tags = new LongAdder();
  private final LongAdder skipped = new LongAdder();

  Adopted(Consumer<String> out) {
    this.out = out;
  }

  /** Whether nothing was left out. */
  public boolean isWhole() {
    return skipped.sum() == 0;
  }

  void repository(RepositoryName name) {
    repositories.increment();
    out.accept(name.value());
  }

  void manifest(boolean refers) {
    manifests.increment();
    if (refers) {
      referrers.increment();
    }
  }

  void tag() {
    tags.increment();
  }

  void skip(String what, String why) {
    skipped.increment();
    out.accept("SKIPPED: " + what + ": " + why);
  }

  /** Something that is left out, and told, when it cannot be taken. */
  interface Step {
    void run() throws IOException;
  }

  /** Takes a step; the database's being away is no reason to leave something out. */
  void attempt(String what, Step step) {
    try {
      step.run();
    } catch (RegistryException e) {
      if (e.code() == ErrorCode.UNAVAILABLE) {
        throw e;
      }
      skip(what, e.getMessage() + (e.details().isEmpty() ? "" : " " + e.details()));
    } catch (IOException e) {
      skip(what, String.valueOf(e.getMessage()));
    }
  }

  void say() {
    out.accept(
        "%d repositories looked through; new are %d manifests (%d of them referrers) and %d tags; %d skipped; %.1f s"
            .formatted(
                repositories.sum(),
                manifests.sum(),
                referrers.sum(),
                tags.sum(),
                skipped.sum(),
                (System.nanoTime() - started) / 1e9));
  }
}
