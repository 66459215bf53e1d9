package dev.entrepot.storage.filesystem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a class of the tests in a Java of its own, below another command that watches or limits. */
final class ChildJvm {
  private ChildJvm() {}

  record Result(int exitCode, String output) {}

  /** The command that runs {@code main}; also to be put behind another command. */
  static List<String> command(Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  static Result run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Result(process.waitFor(), output);
  }

  /** Whether a command can be used here; says on the console why tests are left out otherwise. */
  static boolean works(String purpose, String... command) {
    String reason;
    try {
      Result result = run(List.of(command));
      if (result.exitCode() == 0) {
        return true;
      }
      reason = result.output().strip();
    } catch (IOException e) {
      reason = e.getMessage();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    System.out.println("Left out: " + purpose + ", because " + command[0] + " fails: " + reason);
    return false;
  }
}
