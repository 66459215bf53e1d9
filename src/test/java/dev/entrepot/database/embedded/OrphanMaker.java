package dev.entrepot.database.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a process of its own that the tests can kill. */
final class OrphanMaker {
  private OrphanMaker() {}

  static Process start(EmbeddedPostgresOptions options) throws IOException {
    return start(List.of(), options, System.getProperty("java.class.path"), System.getenv("PATH"));
  }

  /**
   * @param prefix a command that changes the identity
   * @param path where the server finds the tools of the system
   */
  static Process start(
      List<String> prefix, EmbeddedPostgresOptions options, String classPath, String path)
      throws IOException {
    var command = new ArrayList<String>(prefix);
    command.addAll(
        List.of(
            "/usr/bin/env",
            "PATH=" + path,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            classPath,
            OrphanMaker.class.getName(),
            options.directory().toString(),
            options.binaries().toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Prints {@code ready}, or why it is not. */
  public static void main(String[] args) throws Exception {
    var options = EmbeddedPostgresOptions.in(Path.of(args[0])).withBinaries(Path.of(args[1]));
    try {
      var postgres = EmbeddedPostgres.start(options);
      EmbeddedPostgresIT.execute(
          postgres,
          "CREATE TABLE IF NOT EXISTS witness AS SELECT 'from the killed server' AS note");
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
      System.out.println("ready");
      Thread.currentThread().join();
    } catch (EmbeddedPostgresException e) {
      System.out.println(e.getMessage());
    }
  }
}
