package dev.entrepot.conformance.support;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints, at the end of a run, the count of tests per section of the specification. */
public final class SectionReport implements TestExecutionListener {
  private final Map<String, Counts> sections = new TreeMap<>();

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest()) {
      return;
    }
    String section = test.getSource().map(SectionReport::section).orElse("");
    if (section.isEmpty()) {
      return;
    }
    Counts counts = sections.computeIfAbsent(section, name -> new Counts());
    counts.add(test, result.getStatus() == TestExecutionResult.Status.SUCCESSFUL);
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    if (sections.isEmpty()) {
      return;
    }
    Counts all = new Counts();
    System.out.printf(
        "%n%-62s %5s %6s %7s %6s%n", "section", "MUST", "SHOULD", "promise", "failed");
    sections.forEach(
        (name, counts) -> {
          counts.print(name);
          all.add(counts);
        });
    all.print("all");
    System.out.println();
  }

  private static String section(TestSource source) {
    if (!(source instanceof MethodSource method)) {
      return "";
    }
    for (Class<?> at = method.getJavaClass(); at != null; at = at.getEnclosingClass()) {
      Section section = at.getAnnotation(Section.class);
      if (section != null) {
        return section.value();
      }
    }
    return "";
  }

  private static final class Counts {
    private int must;
    private int should;
    private int promise;
    private int failed;

    void add(TestIdentifier test, boolean passed) {
      if (hasTag(test, "must")) {
        must++;
      } else if (hasTag(test, "should")) {
        should++;
      } else {
        promise++;
      }
      if (!passed) {
        failed++;
      }
    }

    void add(Counts other) {
      must += other.must;
      should += other.should;
      promise += other.promise;
      failed += other.failed;
    }

    void print(String name) {
      System.out.printf("%-62s %5d %6d %7d %6d%n", name, must, should, promise, failed);
    }

    private static boolean hasTag(TestIdentifier test, String name) {
      return test.getTags().stream().anyMatch(tag -> tag.getName().equals(name));
    }
  }
}
