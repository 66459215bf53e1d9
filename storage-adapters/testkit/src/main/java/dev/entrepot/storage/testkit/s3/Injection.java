package dev.entrepot.storage.testkit.s3;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A fault for the requests that it is meant for: all of them, or some of the first. */
public final class Injection {
  private final Fault fault;
  private final Predicate<ProxiedRequest> which;
  private final int skip;
  private final int limit;
  private final AtomicInteger seen = new AtomicInteger();

  private Injection(Fault fault, Predicate<ProxiedRequest> which, int skip, int limit) {
    this.fault = fault;
    this.which = which;
    this.skip = skip;
    this.limit = limit;
  }

  /** For every such request. */
  public static Injection of(Fault fault, Predicate<ProxiedRequest> which) {
    return new Injection(fault, which, 0, Integer.MAX_VALUE);
  }

  /** The same, but not for the first so many. */
  public Injection skip(int requests) {
    return new Injection(fault, which, requests, limit);
  }

  /** The same, for so many only. */
  public Injection limit(int requests) {
    return new Injection(fault, which, skip, requests);
  }

  /** How many requests got the fault so far. */
  public int hits() {
    return Math.clamp((long) seen.get() - skip, 0, limit);
  }

  Optional<Fault> faultFor(ProxiedRequest request) {
    if (!which.test(request)) {
      return Optional.empty();
    }
    int number = seen.getAndIncrement();
    return number >= skip && number - skip < limit ? Optional.of(fault) : Optional.empty();
  }
}
