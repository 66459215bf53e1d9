package dev.entrepot.database.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  private static final Path PROGRAMS = Path.of("target/postgres-programs").toAbsolutePath();

  @TempDir Path temporary;
  private EmbeddedPostgresOptions options;

  @BeforeEach
  void chooseDirectory() {
    options = EmbeddedPostgresOptions.in(temporary.resolve("postgres")).withBinaries(PROGRAMS);
  }

  @Test
  void firstStartMakesADurableUtf8Database() throws SQLException {
    try (var postgres = EmbeddedPostgres.start(options)) {
      assertEquals("on", ask(postgres, "SHOW fsync"));
      assertEquals("on", ask(postgres, "SHOW synchronous_commit"));
      assertEquals("on", ask(postgres, "SHOW full_page_writes"));
      assertEquals("UTF8", ask(postgres, "SHOW server_encoding"));
      assertEquals(
          "C", ask(postgres, "SELECT datcollate FROM pg_database WHERE datname = 'entrepot'"));
    }
  }

  @Test
  void restartFindsWhatWasWrittenUnderTheSamePassword() throws SQLException {
    String password;
    try (var postgres = EmbeddedPostgres.start(options)) {
      execute(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
      password = postgres.password();
    }
    try (var postgres = EmbeddedPostgres.start(options)) {
      assertEquals("42", ask(postgres, "SELECT answer FROM kept"));
      assertEquals(password, postgres.password());
    }
  }

  @Test
  void closeLeavesNoProcessAndCanBeRepeated() {
    var postgres = EmbeddedPostgres.start(options);
    ProcessHandle process = ProcessHandle.of(postgres.pid().orElseThrow()).orElseThrow();
    postgres.close();
    postgres.close();
    assertFalse(process.isAlive());
    assertFalse(Files.exists(options.directory().resolve("data/postmaster.pid")));
  }

  @Test
  void signalToTheProcessGroupDoesNotReachIt() throws IOException {
    try (var postgres = EmbeddedPostgres.start(options)) {
      long pid = postgres.pid().orElseThrow();
      String afterName =
          Files.readString(Path.of("/proc", Long.toString(pid), "stat")).replaceFirst(".*\\) ", "");
      assertEquals(Long.toString(pid), afterName.split(" ")[2], "process group");
    }
  }

  @Test
  void connectionWithoutThePasswordIsRefused() {
    try (var postgres = EmbeddedPostgres.start(options)) {
      var refusal =
          assertThrows(
              SQLException.class,
              () -> DriverManager.getConnection(postgres.jdbcUrl(), "entrepot", "guess"));
      assertEquals("28P01", refusal.getSQLState());
    }
  }

  @Test
  void directoryAndPasswordAreForTheOwnerOnly() throws IOException {
    EmbeddedPostgres.start(options).close();
    assertEquals("rwx------", permissions(options.directory()));
    assertEquals("rw-------", permissions(options.directory().resolve("password")));
  }

  @Test
  void lostPasswordFileIsReplaced() throws IOException, SQLException {
    String before;
    try (var postgres = EmbeddedPostgres.start(options)) {
      before = postgres.password();
    }
    Files.delete(options.directory().resolve("password"));
    try (var postgres = EmbeddedPostgres.start(options)) {
      assertNotEquals(before, postgres.password());
      assertEquals("1", ask(postgres, "SELECT 1"));
    }
  }

  @Test
  void orphanOfAKilledServerIsStoppedCleanly() throws Exception {
    Process server = startElsewhere();
    ProcessHandle orphan = postmaster();
    server.destroyForcibly().waitFor();
    assertTrue(isRunning(orphan));

    try (var postgres = EmbeddedPostgres.start(options)) {
      // not isAlive(), which is also true of a zombie, and not every init buries the dead
      assertFalse(isRunning(orphan));
      assertEquals("from the killed server", ask(postgres, "SELECT note FROM witness"));
      String log = Files.readString(options.directory().resolve("postgres.log"));
      assertFalse(log.contains("not properly shut down"), log);
    }
  }

  @Test
  void staleLockFileThatNamesAnotherProcessIsRemoved() throws Exception {
    EmbeddedPostgres.start(options).close();
    Path lock = options.directory().resolve("data/postmaster.pid");
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(lock, other.pid() + "\n" + options.directory().resolve("data") + "\n");
      EmbeddedPostgres.start(options).close();
      assertTrue(other.isAlive());
    } finally {
      other.destroy();
    }
  }

  @Test
  void deadPostgresIsStartedAgainAtTheSameAddress() throws SQLException {
    try (var postgres = EmbeddedPostgres.start(options)) {
      execute(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
      String address = postgres.jdbcUrl();
      long before = postgres.pid().orElseThrow();
      ProcessHandle.of(before).orElseThrow().destroyForcibly();
      await().ignoreExceptions().until(() -> ask(postgres, "SELECT answer FROM kept").equals("42"));
      assertNotEquals(before, postgres.pid().orElseThrow());
      assertEquals(address, postgres.jdbcUrl());
    }
  }

  @Test
  void dataOfAnotherMajorVersionIsRefusedWithWhatToDo() throws IOException {
    EmbeddedPostgres.start(options).close();
    Files.writeString(options.directory().resolve("data/PG_VERSION"), "15\n");
    var refusal =
        assertThrows(EmbeddedPostgresException.class, () -> EmbeddedPostgres.start(options));
    assertTrue(refusal.getMessage().contains("written by PostgreSQL 15"), refusal.getMessage());
  }

  @Test
  void databaseSetToLoseCommitsIsRefused() throws SQLException {
    try (var postgres = EmbeddedPostgres.start(options)) {
      execute(postgres, "ALTER DATABASE entrepot SET synchronous_commit = off");
    }
    var refusal =
        assertThrows(EmbeddedPostgresException.class, () -> EmbeddedPostgres.start(options));
    assertTrue(refusal.getMessage().contains("synchronous_commit=off"), refusal.getMessage());
    assertFalse(Files.exists(options.directory().resolve("data/postmaster.pid")));
  }

  @Test
  void settingsInFilesCannotTurnDurabilityOff() throws IOException, SQLException {
    EmbeddedPostgres.start(options).close();
    Files.writeString(
        options.directory().resolve("data/postgresql.auto.conf"),
        "fsync = off\nfull_page_writes = off\n");
    try (var postgres = EmbeddedPostgres.start(options)) {
      assertEquals("on", ask(postgres, "SHOW fsync"));
    }
  }

  @Test
  void interruptedFirstStartIsBegunAnew() throws IOException, SQLException {
    Files.createDirectories(options.directory().resolve("initdb-0123/base"));
    Files.writeString(options.directory().resolve("initdb-0123/PG_VERSION"), "18\n");
    try (var postgres = EmbeddedPostgres.start(options)) {
      assertEquals("1", ask(postgres, "SELECT 1"));
    }
    assertFalse(Files.exists(options.directory().resolve("initdb-0123")));
  }

  @Test
  void reasonOfAFailedStartIsTold() throws IOException {
    EmbeddedPostgres.start(options).close();
    Files.delete(options.directory().resolve("data/global/pg_control"));
    var refusal =
        assertThrows(EmbeddedPostgresException.class, () -> EmbeddedPostgres.start(options));
    assertTrue(refusal.getMessage().contains("pg_control"), refusal.getMessage());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** Runs {@link OrphanMaker} in a JVM of its own and waits until it has written its row. */
  private Process startElsewhere() throws IOException {
    Process server = OrphanMaker.start(options);
    assertEquals("ready", server.inputReader().readLine());
    return server;
  }

  private boolean isRunning(ProcessHandle postmaster) {
    return new PostmasterFile(options.directory().resolve("data")).isOurs(postmaster);
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(options.directory().resolve("data/postmaster.pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl(), postgres.username(), postgres.password());
  }
}
