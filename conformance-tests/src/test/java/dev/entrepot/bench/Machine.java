package dev.entrepot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Says on what the figures were measured. */
final class Machine {
  private Machine() {}

  static List<String> describe(Collection<Server> servers) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d processors (%s), shared by the servers and the load generators"
            .formatted(
                Runtime.getRuntime().availableProcessors(), value("/proc/cpuinfo", "model name")));
    lines.add("memory " + value("/proc/meminfo", "MemTotal"));
    lines.add(
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                value("/etc/os-release", "PRETTY_NAME").replace("\"", "")));
    lines.add("data on " + fileSystem());
    lines.add("JDK " + Runtime.version());
    lines.add("wrk " + tool("wrk", "-v") + "; " + tool("curl", "--version"));
    servers.forEach(server -> lines.add(server.description()));
    return lines;
  }

  private static String tool(String name, String option) {
    return Tools.find(name)
        .map(program -> Command.firstLine(program.toString(), option))
        .map(line -> line.replaceFirst("^wrk ", "").replaceFirst(" Copyright.*", ""))
        .map(line -> line.replaceFirst("(curl \\S+).*", "$1"))
        .orElse("absent");
  }

  private static String fileSystem() {
    try {
      return Files.getFileStore(Session.parent()).type();
    } catch (IOException e) {
      return "an unknown file system";
    }
  }

  private static String value(String file, String key) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", ""))
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
