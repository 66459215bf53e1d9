package dev.entrepot.database.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts a server under several identities, which only root can do. */
class PostgresUserIT {
  private static final int NOBODY = 65534;
  private static final int NAMELESS = 54321;

  @TempDir Path temporary;
  private EmbeddedPostgresOptions options;
  private List<Process> servers = new ArrayList<>();

  @BeforeEach
  void chooseDirectory() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    options =
        EmbeddedPostgresOptions.in(temporary.resolve("postgres"))
            .withBinaries(Path.of("target/postgres-programs").toAbsolutePath());
  }

  @AfterEach
  void stopServers() throws IOException {
    servers.forEach(Process::destroy);
    var postmaster = new PostmasterFile(options.directory().resolve("data"));
    await().until(() -> postmaster.running().isEmpty());
  }

  @Test
  void rootRunsItInANamespaceWithItsOwnFiles() throws Exception {
    assumeWorks(List.of("unshare", "-U", "true"));
    assertEquals("ready", run(List.of(), System.getenv("PATH")));
    assertEquals(0, Files.getAttribute(options.directory().resolve("data"), "unix:uid"));
  }

  @Test
  void rootWithoutNamespacesRunsItAsNobody() throws Exception {
    options = EmbeddedPostgresOptions.in(temporary.resolve("postgres")); // only root may enter
    assertEquals("ready", run(List.of(), pathWith("setpriv", "true")));
    assertEquals(NOBODY, Files.getAttribute(options.directory().resolve("data"), "unix:uid"));
  }

  @Test
  void clusterMadeInANamespaceIsAdoptedWithoutOne() throws Exception {
    assumeWorks(List.of("unshare", "-U", "true"));
    run(List.of(), System.getenv("PATH"));
    stopServers();
    assertEquals("ready", run(List.of(), pathWith("setpriv", "true")));
  }

  @Test
  void clusterMadeWithoutNamespacesIsAdoptedInOne() throws Exception {
    assumeWorks(List.of("unshare", "-U", "true"));
    run(List.of(), pathWith("setpriv", "true"));
    stopServers();
    assertEquals("ready", run(List.of(), System.getenv("PATH")));
  }

  @Test
  void rootWithoutAnyWayIsToldWhatToDo() throws Exception {
    String answer = run(List.of(), pathWith("true"));
    assertEquals("PostgreSQL refuses to run as root", answer.substring(0, answer.indexOf(',')));
  }

  @Test
  void ordinaryUserRunsItDirectly() throws Exception {
    openTo(NOBODY);
    assertEquals("ready", run(as(NOBODY), System.getenv("PATH")));
  }

  @Test
  void userWithoutANameRunsItInANamespace() throws Exception {
    assumeWorks(as(NAMELESS, "unshare", "-U", "true"));
    openTo(NAMELESS);
    assertEquals("ready", run(as(NAMELESS), System.getenv("PATH")));
  }

  private static List<String> as(int uid, String... command) {
    var all = new ArrayList<String>(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid));
    all.addAll(List.of("--clear-groups", "--"));
    all.addAll(List.of(command));
    return all;
  }

  /** Containers mostly forbid namespaces, and a JDK may lie where only its owner gets to. */
  private static void assumeWorks(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assumeTrue(process.waitFor() == 0, () -> String.join(" ", command) + " fails here");
  }

  private String run(List<String> prefix, String path) throws IOException {
    Process server = OrphanMaker.start(prefix, options, classPath(), path);
    servers.add(server);
    return server.inputReader().readLine();
  }

  /** A PATH on which only these programs are found. */
  private String pathWith(String... programs) throws IOException {
    Path bin = Files.createTempDirectory(temporary, "bin");
    for (String program : programs) {
      Path real =
          Stream.of("/usr/bin", "/bin", "/usr/sbin")
              .map(folder -> Path.of(folder, program))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(bin.resolve(program), real);
    }
    return bin.toString();
  }

  private void openTo(int uid) throws Exception {
    assumeWorks(
        as(uid, Path.of(System.getProperty("java.home"), "bin/java").toString(), "-version"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path own = Files.createDirectory(temporary.resolve("own"));
    Files.setAttribute(own, "unix:uid", uid);
    options = EmbeddedPostgresOptions.in(own.resolve("postgres"));
  }

  /** What the server needs of the class path, where other users may read it. */
  private String classPath() throws IOException {
    Path folder = Files.createTempDirectory(temporary, "classpath");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var copies = new ArrayList<String>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      Path copy = folder.resolve(copies.size() + "-" + path.getFileName());
      if (Files.isDirectory(path)) {
        copyTree(path, copy);
        copies.add(copy.toString());
      } else if (Stream.of("postgres", "jboss-logging", "commons-", "xz", "jspecify")
          .anyMatch(path.getFileName().toString()::contains)) {
        Files.copy(path, copy);
        copies.add(copy.toString());
      }
    }
    return String.join(File.pathSeparator, copies);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
