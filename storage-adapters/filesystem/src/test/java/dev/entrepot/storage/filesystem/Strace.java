package dev.entrepot.storage.filesystem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs a program under {@code strace} and reads what it asked of the file system, in order. */
final class Strace {
  private static final String CALLS =
      "?open,openat,write,writev,pwrite64,pwritev,ftruncate,fsync,fdatasync,?rename,renameat,"
          + "renameat2,?link,linkat,?unlink,unlinkat,?rmdir,?mkdir,mkdirat";
  private static final List<String> COMMAND =
      List.of("strace", "-f", "--seccomp-bpf", "-y", "-s", "512", "-e", "trace=" + CALLS, "-o");

  private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");
  private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. \\w+ resumed>(.*)");
  private static final String UNFINISHED = " <unfinished ...>";
  private static final Pattern CALL =
      Pattern.compile("(\\w+)\\((.*)\\) += (-?\\d+)(?:<.*>)?(?: .*)?");
  private static final Pattern DESCRIPTOR = Pattern.compile("(\\d+)<([^>]*)>");
  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private Strace() {}

  /**
   * A system call that ended.
   *
   * @param start position in the log at which it began
   * @param end position at which it ended
   * @param descriptor first argument when that is a descriptor, else -1
   * @param paths of the descriptor, or those given as text
   * @param text all arguments
   */
  record Call(
      int start,
      int end,
      String name,
      int descriptor,
      List<String> paths,
      String text,
      long result) {

    String path() {
      return paths.getFirst();
    }

    boolean is(String... names) {
      return List.of(names).contains(name);
    }

    boolean isSync() {
      return is("fsync", "fdatasync");
    }

    boolean isRename() {
      return is("rename", "renameat", "renameat2");
    }

    /** What the program said on its standard output, if that is what the call did. */
    String said() {
      return name.equals("write") && descriptor == 1
          ? text.replaceAll(".*\"(.*)\\\\n\".*", "$1")
          : "";
    }
  }

  static boolean isUsable() {
    return ChildJvm.works(
        "tests that watch system calls",
        Stream.concat(COMMAND.stream(), Stream.of("/dev/null", "true")).toArray(String[]::new));
  }

  /** The calls of a program that succeeded, by their start. */
  static List<Call> trace(List<String> program, Path log) throws Exception {
    List<String> command = new ArrayList<>(COMMAND);
    command.add(log.toString());
    command.addAll(program);
    ChildJvm.Result result = ChildJvm.run(command);
    if (result.exitCode() != 0) {
      throw new IllegalStateException("the traced program failed: " + result.output());
    }
    return parse(log);
  }

  private static List<Call> parse(Path log) throws IOException {
    List<Call> calls = new ArrayList<>();
    Map<String, Integer> starts = new HashMap<>();
    Map<String, String> unfinished = new HashMap<>();
    List<String> lines = Files.readAllLines(log);
    for (int position = 0; position < lines.size(); position++) {
      Matcher line = LINE.matcher(lines.get(position));
      if (!line.matches()) {
        throw new IllegalStateException("cannot read: " + lines.get(position));
      }
      String thread = line.group(1);
      String text = line.group(2);
      int start = position;
      if (text.endsWith(UNFINISHED)) {
        starts.put(thread, position);
        unfinished.put(thread, text.substring(0, text.length() - UNFINISHED.length()));
        continue;
      }
      Matcher resumed = RESUMED.matcher(text);
      if (resumed.matches()) {
        start = starts.remove(thread);
        text = unfinished.remove(thread) + resumed.group(1);
      }
      Matcher call = CALL.matcher(text);
      if (call.matches() && Long.parseLong(call.group(3)) >= 0) {
        calls.add(call(start, position, call));
      }
    }
    calls.sort((a, b) -> Integer.compare(a.start(), b.start()));
    return calls;
  }

  private static Call call(int start, int end, Matcher call) {
    String name = call.group(1);
    String arguments = call.group(2);
    long result = Long.parseLong(call.group(3));
    Matcher descriptor = DESCRIPTOR.matcher(arguments);
    if (descriptor.lookingAt()) {
      int number = Integer.parseInt(descriptor.group(1));
      return new Call(start, end, name, number, List.of(descriptor.group(2)), arguments, result);
    }
    List<String> paths = STRING.matcher(arguments).results().map(m -> m.group(1)).toList();
    return new Call(start, end, name, -1, paths, arguments, result);
  }
}
