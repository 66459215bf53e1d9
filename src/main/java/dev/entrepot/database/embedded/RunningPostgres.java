package dev.entrepot.database.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An embedded PostgreSQL that somebody else runs: how to connect to it.
 *
 * @param jdbcUrl on the loopback interface
 */
public record RunningPostgres(String jdbcUrl, String username, String password) {
  /** The one on the files in this directory; empty when none runs. */
  public static Optional<RunningPostgres> find(Path directory) throws IOException {
    var cluster = new PostgresCluster(directory.toAbsolutePath().normalize());
    var postmaster = new PostmasterFile(cluster.data());
    Optional<Integer> port = postmaster.running().flatMap(process -> postmaster.port());
    return port.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RunningPostgres(
                PostgresServer.jdbcUrl(port.get(), PostgresCluster.DATABASE),
                PostgresCluster.USERNAME,
                cluster.password()));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return jdbcUrl;
  }
}
