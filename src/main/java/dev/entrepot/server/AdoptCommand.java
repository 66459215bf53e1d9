package dev.entrepot.server;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.transfer.Adoption;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.sql.SQLException;

/**
 * {@code adopt --from DIR|s3://BUCKET[/DIR]}: takes over what CNCF distribution keeps in a
 * directory or a bucket, into the server that runs or into the data directory.
 */
final class AdoptCommand {
  private static final String COPY = "copy";

  private AdoptCommand() {}

  static int run(Arguments arguments, EntrepotConfig settings) throws SQLException, IOException {
    String from =
        arguments
            .option("--from")
            .orElseThrow(() -> new StartupException("--from DIR or s3://BUCKET is missing"));
    boolean copy = arguments.flag("--copy");
    arguments.end();
    return SilentServer.run(settings, database -> {}, Work.class, from, copy ? COPY : "");
  }

  /** With the services of the server. */
  public static final class Work implements QuarkusApplication {
    private final Adoption adoption;

    Work(Adoption adoption) {
      this.adoption = adoption;
    }

    @Override
    public int run(String... args) throws IOException, SQLException {
      boolean linking = !args[1].equals(COPY);
      boolean whole = adoption.adopt(args[0], linking, System.out::println).isWhole();
      return whole ? Command.DONE : Command.FAULTY;
    }
  }
}
