package dev.entrepot.crash;

import static org.awaitility.Awaitility.await;

import dev.entrepot.clients.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The system calls of running processes and of all they start, watched by strace. */
final class SystemCalls {
  private static final String CALLS =
      "write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2";
  private static final Pattern WHOLE = Pattern.compile("(\\d+) +(\\w+)\\((.*)\\) += (-?\\d+).*");
  private static final Pattern BEGUN =
      Pattern.compile("(\\d+) +(\\w+)\\((.*)<unfinished \\.\\.\\.>");
  private static final Pattern ENDED =
      Pattern.compile("(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)\\) += (-?\\d+).*");

  private SystemCalls() {}

  /**
   * One call that has returned.
   *
   * @param process the process (or thread) that made it
   * @param name such as {@code fsync}
   * @param arguments as strace prints them, with the paths of files and the ends of sockets
   * @param begin when it was made, on a scale of all begins and ends
   * @param end when it returned
   * @param result what it returned
   */
  record Call(String process, String name, String arguments, int begin, int end, long result) {
    boolean is(String... names) {
      return List.of(names).contains(name);
    }

    boolean about(String text) {
      return arguments.contains(text);
    }

    /** What the call's first argument, a descriptor, is open to. */
    String target() {
      int from = arguments.indexOf('<') + 1;
      return arguments.substring(from, Math.max(from, arguments.indexOf('>', from)));
    }

    boolean before(Call other) {
      return end < other.begin;
    }
  }

  /**
   * What happens in all of the processes while the action runs, in the order of beginnings.
   *
   * @param last how the call is known that the action ends with: the action sees its effect before
   *     the tracer sees its return
   */
  static List<Call> during(List<ProcessHandle> processes, Runnable action, Predicate<Call> last) {
    Program strace = Program.require("strace");
    try {
      Path log = Files.createTempFile("strace-", ".log");
      Path messages = Files.createTempFile("strace-", ".err");
      try {
        List<String> arguments =
            new ArrayList<>(
                List.of("-f", "-yy", "-s", "600", "-e", "trace=" + CALLS, "-o", log.toString()));
        processes.forEach(process -> arguments.add("--attach=" + process.pid()));
        Process tracer = strace.start(messages, arguments.toArray(String[]::new));
        try {
          awaitAttached(tracer, processes, messages);
          action.run();
          await().until(() -> calls(log).stream().anyMatch(last));
        } finally {
          // On SIGTERM strace lets go of all processes first.
          tracer.destroy();
          tracer.waitFor(1, TimeUnit.MINUTES);
        }
        return calls(log);
      } finally {
        Files.delete(log);
        Files.delete(messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void awaitAttached(Process tracer, List<ProcessHandle> processes, Path messages)
      throws IOException {
    await()
        .until(
            () ->
                !tracer.isAlive()
                    || processes.stream().allMatch(process -> isTraced(process.pid())));
    if (!tracer.isAlive()) {
      Program.skip("strace cannot attach here: " + Files.readString(messages).strip());
    }
  }

  private static boolean isTraced(long process) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process + "/task"))) {
      return threads.noneMatch(
          thread -> read(thread.resolve("status")).contains("TracerPid:\t0\n"));
    } catch (NoSuchFileException e) {
      return true; // a session or worker of PostgreSQL that has ended
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return ""; // the thread has ended
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Call> calls(Path log) throws IOException {
    return parse(Files.readAllLines(log, StandardCharsets.ISO_8859_1));
  }

  /** Calls that other processes' calls interrupt in the log are on two lines. */
  private static List<Call> parse(List<String> lines) {
    Map<String, Begin> open = new HashMap<>();
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher whole = WHOLE.matcher(lines.get(i));
      Matcher begun = BEGUN.matcher(lines.get(i));
      Matcher ended = ENDED.matcher(lines.get(i));
      if (begun.matches()) {
        open.put(begun.group(1), new Begin(begun.group(3), i));
      } else if (ended.matches()) {
        Begin begin = open.remove(ended.group(1));
        if (begin != null) {
          calls.add(call(ended, begin.arguments + ended.group(3), begin.line, i));
        }
      } else if (whole.matches()) {
        calls.add(call(whole, whole.group(3), i, i));
      }
    }
    calls.sort(java.util.Comparator.comparingInt(Call::begin));
    return calls;
  }

  private static Call call(Matcher line, String arguments, int begin, int end) {
    return new Call(
        line.group(1), line.group(2), arguments, begin, end, Long.parseLong(line.group(4)));
  }

  private record Begin(String arguments, int line) {}
}
