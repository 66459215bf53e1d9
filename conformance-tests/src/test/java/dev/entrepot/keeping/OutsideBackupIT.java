package dev.entrepot.keeping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OutsidePostgres;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup of a database and a bucket elsewhere is restored to a server's own database and
 * directory, and a backup of these to another database and bucket. No superuser is needed for it.
 */
@OwnServer
@Section("Promise > Backup")
class OutsideBackupIT {
  private static final Map<String, String> OWN = Map.of();

  @TempDir Path directory;
  private final PushedImages images = new PushedImages("kept");

  @Promise
  void aBackupMovesBetweenDatabasesAndStoresOfBothKinds() {
    try (OutsidePostgres postgres = OutsidePostgres.start(directory.resolve("postgres"));
        S3Server firstBucket = ObjectStores.versitygw();
        S3Server secondBucket = ObjectStores.versitygw()) {
      Map<String, String> first = outside(postgres.create("first"), firstBucket);
      Map<String, String> second = outside(postgres.create("second"), secondBucket);
      PushedIndex index;
      try (RegistryServer server = server(first, "first")) {
        images.push(server.registry());
        index = PushedIndex.push(server.registry());
        backup(first, "first");
      }
      restore(OWN, "first", "own");
      backup(OWN, "own");
      restore(second, "own", "second");
      try (RegistryServer server = server(second, "second")) {
        images.assertAllPull(server.registry());
        index.assertAllPulls(server.registry());
        images.push(server.registry());
        images.assertAllPull(server.registry());
      }
      assertRefusesDatabaseInUse(second);
    }
  }

  private void assertRefusesDatabaseInUse(Map<String, String> settings) {
    Map<String, String> emptyStore = new HashMap<>(settings);
    emptyStore.put("ENTREPOT_STORAGE_TYPE", "filesystem");
    Launched refused =
        Launched.start(
            emptyStore, "restore", "--from", backups("own"), "--data", directory.resolve("third"));
    assertThat(refused.awaitEnd()).as(refused.text()).isEqualTo(2);
    assertThat(refused.text()).contains("The database is in use");
  }

  private void backup(Map<String, String> settings, String data) {
    String said =
        Launched.run(settings, "backup", "--to", backups(data), "--data", directory.resolve(data));
    System.out.println("backup of " + data + ": " + Launched.lastLine(said, "blobs:"));
  }

  private void restore(Map<String, String> settings, String from, String data) {
    Launched.run(settings, "restore", "--from", backups(from), "--data", directory.resolve(data));
  }

  private Path backups(String of) {
    return directory.resolve(of + "-backup");
  }

  private RegistryServer server(Map<String, String> settings, String data) {
    RegistryServer.Builder server = RegistryServer.builder().dataDirectory(directory.resolve(data));
    settings.forEach(server::environment);
    return server.start();
  }

  private static Map<String, String> outside(Map<String, String> database, S3Server bucket) {
    Map<String, String> settings = new HashMap<>(database);
    settings.putAll(ObjectStores.s3(bucket.endpoint()));
    return settings;
  }
}
