package dev.entrepot.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.Directories;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Ports;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Section;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The launcher, and starts that are refused: each in a line that says what to do. */
@OwnServer
@Section("Promise > Start")
class StartIT {
  private static final Path LAUNCHER = RegistryServer.projectRoot().resolve("entrepot");

  private Path directory;

  private record Outcome(int status, String output) {}

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("entrepot-start-");
  }

  @AfterEach
  void removeDirectory() {
    Directories.deleteRecursively(directory);
  }

  @Promise
  void secondServerOnADataDirectoryIsRefusedWithTheFirstsProcess() throws Exception {
    try (RegistryServer first = RegistryServer.start()) {
      Outcome second = serve("--data", first.dataDirectory().toString());
      assertRefused(second, "belongs to a running server (process " + first.pid() + ")", "--data");
    }
  }

  @Promise
  void portThatIsTakenIsRefused() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Outcome refused =
          run(List.of("serve", "--data", data(), "--port", "" + taken.getLocalPort()), Map.of());
      assertRefused(refused, "Cannot listen on 127.0.0.1:" + taken.getLocalPort(), "--port");
    }
  }

  @Promise
  void dataDirectoryThatCannotBeMadeIsRefused() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Outcome refused = serve("--data", file.resolve("below").toString());
    assertRefused(refused, "cannot be written", "--data");
  }

  @Promise
  void accessLogThatCannotBeWrittenIsRefused() throws Exception {
    Outcome refused =
        run(
            List.of("serve", "--data", data()),
            Map.of(
                "ENTREPOT_ACCESS_LOG_FILE",
                directory.toString(),
                "ENTREPOT_HTTP_PORT",
                "" + Ports.free()));
    assertRefused(refused, "The access log " + directory, "entrepot.access-log.file");
  }

  @Promise
  void storeThatCannotBeUsedIsRefused() throws Exception {
    Files.createDirectory(directory.resolve("data"));
    Files.createFile(directory.resolve("data/storage"));
    assertRefused(serve("--data", data()), "The store " + data() + "/storage", "--data");
  }

  @Promise
  void unknownVariableIsRefusedWithTheNearestName() throws Exception {
    Outcome refused = run(List.of("serve", "--data", data()), Map.of("ENTREPOT_HTTP_PROT", "1"));
    assertRefused(refused, "ENTREPOT_HTTP_PROT is no setting", "ENTREPOT_HTTP_PORT");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Promise
  void malformedSettingIsRefused() throws Exception {
    Outcome refused =
        run(List.of("serve", "--data", data()), Map.of("ENTREPOT_UPLOAD_EXPIRY", "soon"));
    assertRefused(refused, "entrepot.upload.expiry", "soon");
  }

  @Promise
  void hostBeyondLoopbackIsRefusedWithoutPermission() throws Exception {
    Outcome refused = serve("--data", data(), "--host", "0.0.0.0", "--auth", "off");
    assertRefused(refused, "entrepot.http.host", "allow-unauthenticated");
  }

  @Promise
  void hostBeyondLoopbackIsTakenWithPermission() {
    try (RegistryServer server =
        RegistryServer.builder()
            .options("--host", "0.0.0.0", "--allow-unauthenticated", "--auth=off")
            .start()) {
      assertThat(server.logText()).contains("ready on http://0.0.0.0:" + server.port());
    }
  }

  @Promise
  void unknownOptionIsRefused() throws Exception {
    assertRefused(serve("--prot", "5000"), "--prot", "help");
  }

  @Promise
  void optionWithoutItsValueIsRefused() throws Exception {
    assertRefused(serve("--port"), "--port", "value");
  }

  @Promise
  void withoutAJdkTheLauncherSaysWhatToInstall() throws Exception {
    Path tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool : List.of("sh", "sed", "head", "dirname", "readlink", "cat", "env")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
    }
    // An empty root file system but for the tools cannot be had without privileges, so the places
    // where the launcher looks are those of a copy.
    Path copy = directory.resolve("entrepot");
    Files.writeString(
        copy, Files.readString(LAUNCHER).replaceAll("/(usr|opt|Library)/", "/absent/"));
    var builder = new ProcessBuilder(tools.resolve("sh").toString(), copy.toString(), "serve");
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", tools.toString(), "HOME", directory.toString()));
    assertRefused(finish(builder), "needs a JDK 25 or newer", "apt-get install");
  }

  @Promise
  void interruptKeyStopsTheServerAndItsDatabaseInOrder() throws Exception {
    int port = Ports.free();
    var command = new ArrayList<String>();
    // A process group of its own that does not ignore the key, as an interactive shell makes it;
    // whoever runs the tests may themselves run in the background, where it is ignored.
    command.addAll(List.of("setsid", "env", "--default-signal=INT"));
    command.addAll(List.of(LAUNCHER.toString(), "serve"));
    command.addAll(List.of("--data", data(), "--port", "" + port));
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    await().atMost(Duration.ofMinutes(2)).until(() -> Files.readString(log).contains("ready on"));
    new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).inheritIO().start().waitFor();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.readString(log)).doesNotContain("PostgreSQL ended");
    assertThat(Files.readString(directory.resolve("data/postgres/postgres.log")))
        .endsWith("database system is shut down\n");
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private Outcome serve(String... options) throws IOException, InterruptedException {
    var command = new ArrayList<String>(List.of("serve"));
    command.addAll(List.of(options));
    return run(command, Map.of("ENTREPOT_HTTP_PORT", "" + Ports.free()));
  }

  private Outcome run(List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>(List.of(LAUNCHER.toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return finish(builder);
  }

  private static Outcome finish(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private static void assertRefused(Outcome outcome, String what, String whatToDo) {
    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.output()).contains(what, whatToDo);
    assertThat(outcome.output()).doesNotContain("Exception in", "\tat ");
  }
}
