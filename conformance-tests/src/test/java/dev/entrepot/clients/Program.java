package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.entrepot.conformance.support.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An installed program that tests run to its end, with its own settings. */
public final class Program {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final List<Path> SYSTEM_DIRECTORIES =
      List.of(Path.of("/usr/sbin"), Path.of("/sbin"));

  private final Path file;
  private final List<String> leading;
  private final Map<String, String> environment;
  private final Path input;

  private Program(Path file, List<String> leading, Map<String, String> environment, Path input) {
    this.file = file;
    this.leading = leading;
    this.environment = environment;
    this.input = input;
  }

  private static Program at(Path file) {
    return new Program(file, List.of(), Map.of(), Path.of("/dev/null"));
  }

  /** The program of that name; skips the test, saying so, when it is not installed. */
  public static Program require(String name) {
    return find(name).orElseGet(() -> skip(name + " is not installed"));
  }

  /** The program at that path, or else the one of its file name. */
  public static Program require(Path preferred) {
    return Files.isExecutable(preferred)
        ? at(preferred)
        : require(preferred.getFileName().toString());
  }

  /** Skips the running test with a line that says why. */
  public static <T> T skip(String why) {
    System.out.println("skipped: " + why);
    return abort(why);
  }

  private static Optional<Program> find(String name) {
    return Tools.find(name)
        .or(
            () ->
                SYSTEM_DIRECTORIES.stream()
                    .map(directory -> directory.resolve(name))
                    .filter(Files::isExecutable)
                    .findFirst())
        .map(Program::at);
  }

  /** The same program with arguments that come before all others. */
  public Program with(String... arguments) {
    List<String> all = Stream.concat(leading.stream(), Stream.of(arguments)).toList();
    return new Program(file, all, environment, input);
  }

  /** The same program with a variable in its environment. */
  public Program environment(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new Program(file, leading, Map.copyOf(more), input);
  }

  /** The same program started by another one, which is given its command line. */
  public Program startedBy(Program other) {
    List<String> all = new ArrayList<>(other.leading);
    all.add(file.toString());
    all.addAll(leading);
    return new Program(other.file, List.copyOf(all), environment, input);
  }

  /** The same program with a file as its standard input. */
  public Program input(Path from) {
    return new Program(file, leading, environment, from);
  }

  /** Runs it to its end; fails the test unless it exits with 0. Returns what it printed. */
  public Output run(String... arguments) {
    Output output = attempt(arguments);
    assertThat(output.exit()).as(() -> output.command() + "\n" + output.all()).isZero();
    return output;
  }

  /** Runs it to its end, whatever that is. */
  public Output attempt(String... arguments) {
    try {
      Path out = Files.createTempFile("client-", ".out");
      Path err = Files.createTempFile("client-", ".err");
      try {
        ProcessBuilder builder =
            builder(arguments).redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              String.join(" ", builder.command())
                  + " still runs after "
                  + TIMEOUT
                  + "\n"
                  + read(err));
        }
        return new Output(
            String.join(" ", builder.command()), process.exitValue(), read(out), read(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it in the background, all its output in one file. */
  public Process start(Path log, String... arguments) {
    try {
      return builder(arguments).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(file.toString());
    command.addAll(leading);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.redirectInput(input.toFile());
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /**
   * What a program left.
   *
   * @param command the command line
   * @param exit its exit code
   * @param out what it printed
   * @param err what it complained
   */
  public record Output(String command, int exit, String out, String err) {
    /** Standard output without white space around it. */
    public String text() {
      return out.strip();
    }

    public String all() {
      return out + err;
    }
  }
}
