package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Links;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

@Section("Promise > Referrers")
class ReferrersIT {
  private static final String SBOM = "application/vnd.example.sbom.v1";

  @Promise
  void unknownRepositoryHasAnEmptyList(Repository repository) {
    list(repository, Image.random().manifest().digest())
        .then()
        .statusCode(200)
        .header("Content-Type", equalTo(MediaTypes.OCI_INDEX))
        .body("manifests", empty());
  }

  @Promise
  void referrersOfAnotherRepositoryAreNotListed(Repository repository, Repository other) {
    Manifest subject = repository.pushImage().manifest();
    other.push(Blob.EMPTY_JSON);
    other.push(Manifest.artifact(SBOM).subject(subject).build());
    list(repository, subject.digest()).then().statusCode(200).body("manifests", empty());
  }

  @Promise
  void listWithoutAFilterNamesNone(Repository repository) {
    list(repository, Image.random().manifest().digest())
        .then()
        .header("OCI-Filters-Applied", nullValue());
  }

  @Promise
  void artifactTypeMayBeEscaped(Repository repository) {
    Manifest subject = repository.pushImage().manifest();
    repository.push(Blob.EMPTY_JSON);
    Manifest json =
        repository.push(Manifest.artifact("application/spdx+json").subject(subject).build());
    list(repository, subject.digest() + "?artifactType=application%2Fspdx%2Bjson")
        .then()
        .header("OCI-Filters-Applied", equalTo("artifactType"))
        .body("manifests.digest", contains(json.digest()));
  }

  @Promise
  void referrerPushedTwiceIsListedOnce(Repository repository) {
    Manifest subject = repository.pushImage().manifest();
    repository.push(Blob.EMPTY_JSON);
    Manifest artifact = Manifest.artifact(SBOM).subject(subject).build();
    repository.push(artifact, "a", "b");
    repository.push(artifact);
    list(repository, subject.digest()).then().body("manifests.size()", equalTo(1));
  }

  @Promise
  void referrerHasReferrersOfItsOwn(Repository repository) {
    Manifest subject = repository.pushImage().manifest();
    repository.push(Blob.EMPTY_JSON);
    Manifest sbom = repository.push(Manifest.artifact(SBOM).subject(subject).build());
    Manifest signature =
        repository.push(
            Manifest.artifact("application/vnd.example.signature").subject(sbom).build());
    list(repository, sbom.digest()).then().body("manifests.digest", contains(signature.digest()));
  }

  @Promise
  void dockerImageHasReferrers(Repository repository) {
    Blob config = repository.push(Blob.of("{\"docker\":true}"));
    repository.push(Blob.EMPTY_JSON);
    Manifest docker =
        repository.push(
            Manifest.dockerImage()
                .config(config, MediaTypes.DOCKER_CONFIG)
                .layer(config, MediaTypes.DOCKER_LAYER)
                .build());
    Manifest sbom = repository.push(Manifest.artifact(SBOM).subject(docker).build());
    list(repository, docker.digest()).then().body("manifests.digest", contains(sbom.digest()));
  }

  @Promise
  void unsupportedAlgorithmIs400(Repository repository) {
    list(repository, "md5:d41d8cd98f00b204e9800998ecf8427e")
        .then()
        .spec(error(400, "DIGEST_INVALID"));
  }

  @Promise
  void listBeyondOneManifestsSizeComesInPages(Repository repository) {
    Manifest subject = repository.pushImage().manifest();
    repository.push(Blob.EMPTY_JSON);
    List<String> all = new ArrayList<>();
    List<String> sboms = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String type = i % 2 == 0 ? SBOM : "application/vnd.example.other";
      Manifest artifact =
          repository.push(
              Manifest.artifact(type).subject(subject).annotation("x", "y".repeat(90_000)).build());
      all.add(artifact.digest());
      if (type.equals(SBOM)) {
        sboms.add(artifact.digest());
      }
    }
    assertThat(pages(repository, repository.referrers(subject.digest()), 2))
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(
            pages(repository, repository.referrers(subject.digest()) + "?artifactType=" + SBOM, 1))
        .containsExactlyInAnyOrderElementsOf(sboms);
  }

  /** The digests of all pages, each of which must be a manifest of no more than 4 MiB. */
  private static List<String> pages(Repository repository, String path, int atLeast) {
    List<String> digests = new ArrayList<>();
    int count = 0;
    Optional<String> next = Optional.of(path);
    while (next.isPresent()) {
      Response page = repository.request().get(next.get());
      page.then().statusCode(200).header("Content-Type", equalTo(MediaTypes.OCI_INDEX));
      assertThat(page.asByteArray().length).isLessThanOrEqualTo(4 << 20);
      digests.addAll(page.jsonPath().getList("manifests.digest", String.class));
      next = Links.next(repository, page);
      count++;
    }
    assertThat(count).isGreaterThanOrEqualTo(atLeast);
    return digests;
  }

  private static Response list(Repository repository, String digest) {
    return repository.request().get(repository.referrers(digest));
  }
}
