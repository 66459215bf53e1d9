package dev.entrepot.keeping;

import static dev.entrepot.keeping.Pulls.assertPulls;
import static dev.entrepot.keeping.Pulls.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.PeerRegistry;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What was pushed to a real CNCF distribution is taken over, and pulls from here. */
@OwnServer
@Section("Promise > Adopting")
class AdoptIT {
  private static final String ARTIFACT = "application/vnd.example.sbom";

  @TempDir Path directory;
  private PeerRegistry peer;
  private Registry theirs;
  private Image image;
  private Manifest index;

  @BeforeEach
  void pushToTheOther() {
    assumeTrue(PeerRegistry.isInstalled(), "registry is not installed");
    peer = PeerRegistry.start();
    theirs = new Registry(peer.url());
    Repository app = theirs.repository("team/app");
    image = app.pushImage("v1", "latest");
    Image other = app.pushImage("gone");
    index =
        app.push(
            Manifest.index().manifest(image.manifest()).manifest(other.manifest()).build(),
            "multi");
    theirs.repository("app").push(image, "top"); // the same blobs elsewhere
  }

  @AfterEach
  void stop() {
    if (peer != null) {
      peer.close();
    }
  }

  @Promise
  void imagesAndIndexesPullFromHere() {
    Launched.run("adopt", "--from", peer.directory().resolve("data"), "--data", data());
    try (RegistryServer server = server()) {
      Repository app = server.registry().repository("team/app");
      for (String tag : new String[] {"v1", "latest"}) {
        assertThat(manifest(app, tag)).isEqualTo(image.manifest().bytes());
      }
      assertThat(manifest(app, "multi")).isEqualTo(index.bytes());
      assertPulls(app, image.config());
      assertPulls(app, image.layer());
      assertPulls(server.registry().repository("app"), image.layer());
      app.pushImage("next");
    }
  }

  @Promise
  void filesAreLinkedAndTheOldDirectoryCanGo() throws IOException {
    Path from = peer.directory().resolve("data");
    Launched.run("adopt", "--from", from, "--data", data());
    String hex = image.layer().digest().substring("sha256:".length());
    Path theirFile =
        from.resolve(
            "docker/registry/v2/blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
    try (Stream<Path> files = Files.walk(data().resolve("storage"))) {
      Path ours =
          files.filter(f -> f.getFileName().toString().startsWith(hex)).findFirst().orElseThrow();
      assertThat(Files.isSameFile(theirFile, ours)).isTrue();
    }
  }

  @Promise
  void referrersThatOnlyATagListedAreListed() {
    Repository app = theirs.repository("team/app");
    Manifest referrer = pushReferrerAsClientsDo(app);
    Launched.run("adopt", "--from", peer.directory().resolve("data"), "--data", data());
    try (RegistryServer server = server()) {
      Repository adopted = server.registry().repository("team/app");
      adopted
          .request()
          .get(adopted.referrers(image.manifest().digest()))
          .then()
          .statusCode(200)
          .body("manifests.digest", hasItem(referrer.digest()))
          .body("manifests[0].artifactType", equalTo(ARTIFACT));
    }
  }

  @Promise
  void whatIsBrokenIsNamedAndTheRestIsTaken() throws IOException {
    Path root = peer.directory().resolve("data/docker/registry/v2");
    Path tags = root.resolve("repositories/team/app/_manifests/tags");
    Files.writeString(tags.resolve("latest/current/link"), "sha256:short");
    Files.delete(tags.resolve("gone/current/link"));
    Image rotten = theirs.repository("team/bad").pushImage("rotten");
    String hex = rotten.layer().digest().substring("sha256:".length());
    Files.write(
        root.resolve("blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data"), new byte[512]);
    Launched adopt =
        Launched.start(
            Map.of(), "adopt", "--from", peer.directory().resolve("data"), "--data", data());
    assertThat(adopt.awaitEnd()).isEqualTo(1);
    assertThat(adopt.text())
        .contains(
            "SKIPPED: team/app:latest: its link is broken",
            "SKIPPED: team/app:gone: its link is broken",
            "SKIPPED: team/bad@" + rotten.layer().digest() + ": its bytes are not what they were",
            "SKIPPED: team/bad:rotten");
    try (RegistryServer server = server()) {
      Repository app = server.registry().repository("team/app");
      assertThat(manifest(app, "v1")).isEqualTo(image.manifest().bytes());
      app.request().get(app.manifest("latest")).then().statusCode(404);
      app.request().get(app.manifest("gone")).then().statusCode(404);
    }
  }

  @Promise
  void aServerThatRunsTakesItOverAndKeepsItsNewerTags() {
    try (RegistryServer server = server()) {
      Repository app = server.registry().repository("team/app");
      Image newer = app.pushImage("v1");
      adoptOnceMore(1);
      assertThat(manifest(app, "v1")).isEqualTo(newer.manifest().bytes());
      assertThat(manifest(app, "latest")).isEqualTo(image.manifest().bytes());
      Image later = theirs.repository("team/app").pushImage("later");
      assertThat(adoptOnceMore(1)).contains("new are 1 manifests", "and 1 tags");
      assertThat(manifest(app, "later")).isEqualTo(later.manifest().bytes());
    }
  }

  private String adoptOnceMore(int status) {
    Launched adopt =
        Launched.start(
            Map.of(), "adopt", "--from", peer.directory().resolve("data"), "--data", data());
    assertThat(adopt.awaitEnd()).as(adopt.text()).isEqualTo(status);
    return adopt.text();
  }

  /** The registry has no list of referrers: a client keeps one under a tag. */
  private Manifest pushReferrerAsClientsDo(Repository app) {
    app.push(Blob.EMPTY_JSON);
    Manifest referrer = app.push(Manifest.artifact(ARTIFACT).subject(image.manifest()).build());
    app.push(
        Manifest.index().manifest(referrer).build(), image.manifest().digest().replace(':', '-'));
    return referrer;
  }

  private Path data() {
    return directory.resolve("ours");
  }

  private RegistryServer server() {
    return RegistryServer.builder().dataDirectory(data()).start();
  }
}
