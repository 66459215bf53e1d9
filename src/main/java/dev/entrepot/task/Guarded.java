package dev.entrepot.task;

import dev.entrepot.error.RegistryException;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Says once that a task fails, and once that it does no longer. Never throws what fails. */
final class Guarded {
  private static final Logger LOG = Logger.getLogger(Guarded.class);

  private final String what;
  private final Duration pause;
  private volatile boolean failing;

  Guarded(String what, Duration pause) {
    this.what = what;
    this.pause = pause;
  }

  void run(Runnable task) {
    try {
      task.run();
      if (failing) {
        LOG.infof("%s works again", what);
      }
      failing = false;
    } catch (RegistryException e) { // the database is away; it has said so itself
      warn(null, e.toString());
    } catch (RuntimeException e) {
      warn(e, e.toString());
    }
  }

  private void warn(@Nullable Throwable trace, String error) {
    if (!failing) {
      LOG.warnf(trace, "%s failed; tried again every %s error=%s", what, pause, error);
    }
    failing = true;
  }
}
