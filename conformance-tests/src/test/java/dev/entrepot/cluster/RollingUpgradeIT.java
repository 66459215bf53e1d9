package dev.entrepot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The tables of a later release under servers of this one. */
@OwnServer
@Section("Promise > Rolling upgrade")
class RollingUpgradeIT {
  /** What a later release may do: see {@code MigrationsTest}. */
  private static final String LATER_RELEASE =
      """
      ALTER TABLE repository ADD COLUMN later text;
      ALTER TABLE tag ADD COLUMN later bigint NOT NULL DEFAULT 1;
      ALTER TABLE namespace ADD COLUMN later text;
      CREATE TABLE later (id bigint PRIMARY KEY);
      INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,
        checksum, installed_by, execution_time, success)
      SELECT max(installed_rank) + 1, '9999', 'later', 'SQL', 'V9999__later.sql', 1, current_user,
        1, true FROM flyway_schema_history
      """;

  @Promise
  void serversGoOnAndStartWithTheTablesOfALaterRelease(@TempDir Path directory) {
    try (Cluster cluster = Cluster.start(directory, 1, Map.of())) {
      Repository repository = cluster.server(0).registry().newRepository();
      Image before = repository.pushImage("before");
      cluster.postgres().execute(LATER_RELEASE);
      Image after = repository.pushImage("after");
      cluster.add();
      Repository there = cluster.at(1, repository);
      there.pushImage("there");
      for (Image image : java.util.List.of(before, after)) {
        String manifest = there.manifest(image.manifest().digest());
        assertThat(there.request().get(manifest).statusCode()).isEqualTo(200);
      }
      assertThat(repository.request().get(repository.manifest("there")).statusCode())
          .isEqualTo(200);
    }
  }
}
