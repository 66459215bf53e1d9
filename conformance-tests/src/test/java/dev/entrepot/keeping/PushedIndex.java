package dev.entrepot.keeping;

import static dev.entrepot.keeping.Pulls.assertPulls;
import static dev.entrepot.keeping.Pulls.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItem;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;

/**
 * An index of two images in a repository of its own, and what refers to one of them.
 *
 * @param subject tagged {@code v1}
 * @param large without a tag; its layer goes to a bucket in parts, under a key without its digest
 * @param index of both, tagged {@code multi}
 */
record PushedIndex(Image subject, Image large, Manifest index, Manifest referrer) {
  static final String REPOSITORY = "indexed/app";
  private static final String ARTIFACT = "application/vnd.example.sbom";
  private static final int LARGE = 12_000_000;

  static PushedIndex push(Registry registry) {
    Repository app = registry.repository(REPOSITORY);
    Image subject = app.pushImage("v1");
    Image large = app.push(Image.random(1, LARGE));
    Manifest index =
        app.push(
            Manifest.index().manifest(subject.manifest()).manifest(large.manifest()).build(),
            "multi");
    app.push(Blob.EMPTY_JSON);
    Manifest referrer = app.push(Manifest.artifact(ARTIFACT).subject(subject.manifest()).build());
    return new PushedIndex(subject, large, index, referrer);
  }

  /** All of it is there, byte for byte. */
  void assertAllPulls(Registry registry) {
    Repository app = registry.repository(REPOSITORY);
    assertThat(manifest(app, "v1")).isEqualTo(subject.manifest().bytes());
    assertThat(manifest(app, "multi")).isEqualTo(index.bytes());
    app.request()
        .get(app.referrers(subject.manifest().digest()))
        .then()
        .statusCode(200)
        .body("manifests.digest", contains(referrer.digest()))
        .body("manifests.artifactType", hasItem(ARTIFACT));
    assertThat(manifest(app, referrer.digest())).isEqualTo(referrer.bytes());
    assertPulls(app, subject.layer());
    assertThat(manifest(app, large.manifest().digest())).isEqualTo(large.manifest().bytes());
    assertPulls(app, large.layer());
  }
}
