package dev.entrepot.conformance.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL beside the servers, from the machine's programs. Its sessions are counted and cut as
 * processes, so that nobody needs a session of his own for it.
 */
public final class OutsidePostgres implements AutoCloseable {
  private static final String USER = "entrepot";
  private static final String PASSWORD = "outside";
  private static final String FIRST = "postgres";

  private final Path directory;
  private final int port = Ports.free();
  private Process process;

  private OutsidePostgres(Path directory) {
    this.directory = directory;
  }

  /** Started on a new, empty database; skips the test where there is no PostgreSQL. */
  public static OutsidePostgres start(Path directory) {
    assumeTrue(find("initdb").isPresent(), "needs the programs of a PostgreSQL");
    var postgres = new OutsidePostgres(directory);
    try {
      Files.createDirectories(directory);
      Path password = Files.writeString(directory.resolve("password"), PASSWORD);
      int exit =
          postgres
              .run(
                  "initdb",
                  "--pgdata=" + postgres.data(),
                  "--username=" + USER,
                  "--pwfile=" + password,
                  "--auth=scram-sha-256",
                  "--locale=C",
                  "--encoding=UTF8")
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("initdb failed: " + postgres.logText());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    postgres.startAgain();
    return postgres;
  }

  public void startAgain() {
    process =
        run(
            "postgres",
            "-D",
            data().toString(),
            "-p",
            String.valueOf(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=100");
    awaitAnswer();
  }

  /** SIGINT, as in a restart: open transactions are rolled back, sessions end at once. */
  public void stop() {
    signal("INT");
  }

  /** SIGQUIT: no clean end; the next start recovers from the log. */
  public void crash() {
    signal("QUIT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, String.valueOf(first().pid())).start().waitFor();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("PostgreSQL does not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public int port() {
    return port;
  }

  /** The settings of a server in the first database, as variables of its environment. */
  public Map<String, String> settings() {
    return settings(port);
  }

  /** The same for one that reaches PostgreSQL through a proxy at this port. */
  public static Map<String, String> settings(int port) {
    return settings(port, FIRST, USER);
  }

  /** A new database, and the settings of a server that has all rights in it and none beside it. */
  public Map<String, String> create(String database) {
    execute("CREATE ROLE " + database + " LOGIN PASSWORD '" + PASSWORD + "'");
    execute("CREATE DATABASE " + database + " OWNER " + database);
    return settings(port, database, database);
  }

  /** Puts an empty database in the place of one that was created here. */
  public void empty(String database) {
    execute("DROP DATABASE " + database);
    execute("CREATE DATABASE " + database + " OWNER " + database);
  }

  private static Map<String, String> settings(int port, String database, String user) {
    return Map.of(
        "ENTREPOT_DATABASE_URL",
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database,
        "ENTREPOT_DATABASE_USERNAME",
        user,
        "ENTREPOT_DATABASE_PASSWORD",
        PASSWORD);
  }

  /** How many clients are connected. */
  public long sessions() {
    return clients().count();
  }

  /** Ends all sessions, as {@code pg_terminate_backend} does. */
  public void cutSessions() {
    clients().forEach(ProcessHandle::destroy);
  }

  /** Runs one statement. */
  public void execute(String sql) {
    try {
      ProcessBuilder psql =
          new ProcessBuilder(
                  find("psql").orElseThrow().toString(),
                  "--host=127.0.0.1",
                  "--port=" + port,
                  "--username=" + USER,
                  "--dbname=" + FIRST,
                  "--set=ON_ERROR_STOP=1",
                  "--command=" + sql)
              .redirectErrorStream(true);
      psql.environment().put("PGPASSWORD", PASSWORD);
      Process run = psql.start();
      String output = new String(run.getInputStream().readAllBytes());
      if (run.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      crash();
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  /** The first process of PostgreSQL: {@code unshare} becomes it. */
  private ProcessHandle first() {
    return process.toHandle();
  }

  /** Their titles name the address that they serve. */
  private Stream<ProcessHandle> clients() {
    return first().children().filter(child -> title(child).contains("127.0.0.1("));
  }

  private static String title(ProcessHandle child) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(child.pid()), "cmdline"));
    } catch (IOException e) {
      return ""; // it has ended since it was listed
    }
  }

  private void awaitAnswer() {
    org.awaitility.Awaitility.await()
        .until(
            () ->
                new ProcessBuilder(
                            find("pg_isready").orElseThrow().toString(),
                            "--host=127.0.0.1",
                            "--port=" + port,
                            "--quiet")
                        .start()
                        .waitFor()
                    == 0);
  }

  private Process run(String program, String... options) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U", "--")); // PostgreSQL refuses to run as root
    }
    command.add(find(program).orElseThrow().toString());
    command.addAll(List.of(options));
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return directory.resolve("postgres.log");
  }

  private String logText() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the path, or where Debian keeps them. */
  private static java.util.Optional<Path> find(String program) {
    return Tools.find(program)
        .or(
            () -> {
              try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
                return versions
                    .map(version -> version.resolve("bin").resolve(program))
                    .filter(Files::isExecutable)
                    .findFirst();
              } catch (IOException e) {
                return java.util.Optional.empty();
              }
            });
  }
}
