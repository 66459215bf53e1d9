package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Processor time and memory of a process and its descendants, from Linux's {@code /proc}. */
final class ProcessTree {
  private static final double TICKS_PER_SECOND = 100;
  private static final double KIB_PER_MIB = 1024;

  private final ProcessHandle root;

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  List<ProcessHandle> all() {
    return Stream.concat(Stream.of(root), root.descendants()).toList();
  }

  /** The first process of the tree whose program is {@code name}, such as {@code java}. */
  Optional<ProcessHandle> find(String name) {
    return named(name).findFirst();
  }

  /**
   * User and system time of every live process and of the children they have waited for, so that a
   * process that ends between two readings is not lost.
   */
  double cpuSeconds() {
    return all().stream().mapToDouble(ProcessTree::cpuSeconds).sum();
  }

  private static double cpuSeconds(ProcessHandle process) {
    String stat = read(process, "stat");
    if (stat.isEmpty()) {
      return 0;
    }
    // the second field is the name in parentheses and may hold spaces; utime is field 14
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ");
    double ticks = 0;
    for (int field = 14; field <= 17; field++) {
      ticks += Double.parseDouble(fields[field - 3]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** Resident memory now, in MiB. */
  static double residentMib(ProcessHandle process) {
    return status(process, "VmRSS:");
  }

  /** The most resident memory since the start or the last {@link #resetPeak}, in MiB. */
  static double peakMib(ProcessHandle process) {
    return status(process, "VmHWM:");
  }

  /** Sum of the peaks of the tree's processes that run this program. */
  double peakMib(String name) {
    return named(name).mapToDouble(ProcessTree::peakMib).sum();
  }

  /**
   * Memory of the processes that run this program, each page counted by its share, in MiB: the
   * processes of PostgreSQL share most of theirs.
   */
  double proportionalMib(String name) {
    return named(name).mapToDouble(process -> field(read(process, "smaps_rollup"), "Pss:")).sum();
  }

  private Stream<ProcessHandle> named(String name) {
    return all().stream().filter(process -> read(process, "comm").strip().equals(name));
  }

  static void resetPeak(ProcessHandle process) {
    try {
      Files.writeString(Path.of("/proc", Long.toString(process.pid()), "clear_refs"), "5");
    } catch (IOException e) {
      throw new IllegalStateException("cannot reset the memory peak of " + process.pid(), e);
    }
  }

  private static double status(ProcessHandle process, String name) {
    return field(read(process, "status"), name);
  }

  private static double field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
        .sum();
  }

  /** Empty when the process has ended. */
  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException e) {
      return "";
    }
  }
}
