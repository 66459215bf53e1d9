package dev.entrepot.gc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts what clean-up does. What is revived is counted where that happens, too. */
@Singleton
class GcMetrics {
  private final MeterRegistry metrics;

  GcMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  void condemned(String what, int count) {
    count("entrepot.gc.condemned", "What nothing needs, as clean-up has seen", what, count);
  }

  void deleted(String what, int count) {
    count("entrepot.gc.deleted", "What clean-up has taken away", what, count);
  }

  void freed(long bytes) {
    Counter.builder("entrepot.gc.freed")
        .description("Bytes that clean-up has deleted from the store")
        .baseUnit("bytes")
        .register(metrics)
        .increment(bytes);
  }

  @Nullable String time(Step step, Supplier<@Nullable String> batch) {
    Timer timer =
        Timer.builder("entrepot.gc.step")
            .description("Batches of clean-up")
            .tag("step", step.name())
            .register(metrics);
    Timer.Sample begun = Timer.start(metrics);
    try {
      return batch.get();
    } finally {
      begun.stop(timer);
    }
  }

  private void count(String name, String description, String what, int count) {
    if (count > 0) {
      Counter.builder(name)
          .description(description)
          .tag("what", what)
          .register(metrics)
          .increment(count);
    }
  }
}
