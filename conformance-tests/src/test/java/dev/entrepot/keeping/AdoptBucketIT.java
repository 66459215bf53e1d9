package dev.entrepot.keeping;

import static dev.entrepot.keeping.Pulls.assertPulls;
import static dev.entrepot.keeping.Pulls.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Directories;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.PeerRegistry;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The same as {@link AdoptIT} for a CNCF distribution whose blobs are in a bucket. */
@OwnServer
@Section("Promise > Adopting")
class AdoptBucketIT {
  private static final String ROOT = "old/registry";

  @TempDir Path directory;
  private S3Server bucket;
  private PeerRegistry peer;
  private Repository theirs;
  private Image image;

  @BeforeEach
  void pushToTheOther() {
    assumeTrue(PeerRegistry.isInstalled(), "registry is not installed");
    bucket = ObjectStores.versitygw();
    peer = PeerRegistry.start(bucket, "/" + ROOT);
    theirs = new Registry(peer.url()).repository("team/app");
    image = theirs.pushImage("V1", "latest");
  }

  @AfterEach
  void stop() {
    if (peer != null) {
      peer.close();
    }
    if (bucket != null) {
      bucket.close();
    }
  }

  @Promise
  void everythingPullsFromHereAndIsNotReadAgain() {
    Manifest index =
        theirs.push(Manifest.index().manifest(image.manifest()).build(), "multi", "newest");
    theirs.push(Blob.EMPTY_JSON);
    Manifest referrer =
        theirs.push(Manifest.artifact("application/x.sbom").subject(image.manifest()).build());
    Image top = theirs.registry().repository("app").pushImage("top");
    Map<String, String> source =
        Map.of(
            "ENTREPOT_ADOPT_S3_ENDPOINT", bucket.endpoint().toString(),
            "ENTREPOT_ADOPT_S3_ACCESS_KEY", S3Server.ACCESS_KEY,
            "ENTREPOT_ADOPT_S3_SECRET_KEY", S3Server.SECRET_KEY);
    assertThat(adopt(source, 0)).contains("2 repositories", "new are 4 manifests (1 of them");
    try (RegistryServer server = RegistryServer.builder().dataDirectory(data()).start()) {
      Repository app = server.registry().repository("team/app");
      for (String tag : new String[] {"V1", "latest"}) {
        assertThat(manifest(app, tag)).isEqualTo(image.manifest().bytes());
      }
      for (String tag : new String[] {"multi", "newest"}) {
        assertThat(manifest(app, tag)).isEqualTo(index.bytes());
      }
      assertPulls(app, image.config());
      assertPulls(app, image.layer());
      assertPulls(server.registry().repository("app"), top.layer());
      assertThat(manifest(app, referrer.digest())).isEqualTo(referrer.bytes());
      app.request()
          .get(app.referrers(image.manifest().digest()))
          .then()
          .statusCode(200)
          .body("manifests.digest", hasItem(referrer.digest()));

      Directories.deleteRecursively(layout().resolve("blobs"));
      assertThat(adopt(source, 0)).contains("new are 0 manifests", "and 0 tags", "0 skipped");
    }
  }

  /** Into the bucket that it is in: the settings of the server's own store are enough. */
  @Promise
  void whatIsBrokenIsNamedAndTheRestIsTaken() throws IOException {
    Image lost = theirs.pushImage("lost");
    Image rotten = theirs.pushImage("rotten");
    Files.delete(file(lost.layer()));
    Files.write(file(rotten.layer()), new byte[rotten.layer().bytes().length]);
    Files.writeString(
        layout().resolve("repositories/team/app/_manifests/tags/latest/current/link"), "");
    Map<String, String> own = ObjectStores.s3(bucket.endpoint());
    assertThat(adopt(own, 1))
        .contains(
            "SKIPPED: team/app@" + lost.layer().digest() + ": its bytes are not there",
            "SKIPPED: team/app:lost",
            "SKIPPED: team/app@" + rotten.layer().digest() + ": its bytes are not what they were",
            "SKIPPED: team/app:rotten",
            "SKIPPED: team/app:latest: its link is broken");
    try (RegistryServer server =
        ObjectStores.s3(RegistryServer.builder().dataDirectory(data()), bucket.endpoint())
            .start()) {
      Repository app = server.registry().repository("team/app");
      assertThat(manifest(app, "V1")).isEqualTo(image.manifest().bytes());
      assertPulls(app, image.layer());
      app.request().get(app.manifest("rotten")).then().statusCode(404);
    }
  }

  private String adopt(Map<String, String> settings, int status) {
    String from = "s3://" + S3Server.BUCKET + "/" + ROOT;
    Launched adopt = Launched.start(settings, "adopt", "--from", from, "--data", data());
    assertThat(adopt.awaitEnd()).as(adopt.text()).isEqualTo(status);
    return adopt.text();
  }

  /** Objects are files of the store's program. */
  private Path layout() {
    return bucket.objects().resolve(S3Server.BUCKET).resolve(ROOT).resolve("docker/registry/v2");
  }

  private Path file(Blob blob) {
    String hex = blob.digest().substring("sha256:".length());
    return layout().resolve("blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
  }

  private Path data() {
    return directory.resolve("ours");
  }
}
