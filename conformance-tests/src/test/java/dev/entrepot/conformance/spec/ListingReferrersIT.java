package dev.entrepot.conformance.spec;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeAll;

@Section("Content Discovery > Listing Referrers")
class ListingReferrersIT {
  private static final String SBOM = "application/vnd.example.sbom.v1";
  private static final String SIGNATURE = "application/vnd.example.signature.v1";

  private static Repository repository;
  private static Manifest subject;
  private static Manifest sbom;
  private static Manifest signature;
  private static Manifest image;
  private static Manifest index;

  @BeforeAll
  static void pushReferrers(Registry registry) {
    repository = registry.newRepository();
    subject = repository.pushImage("v1").manifest();
    repository.push(Blob.EMPTY_JSON);
    Blob config = repository.push(Blob.of("{\"a\":1}"));
    sbom =
        repository.push(
            Manifest.artifact(SBOM).subject(subject).annotation("format", "json").build());
    signature = repository.push(Manifest.artifact(SIGNATURE).subject(subject).build());
    image =
        repository.push(
            Manifest.image()
                .config(config, "application/vnd.example.config")
                .noLayers()
                .subject(subject)
                .build());
    index = repository.push(Manifest.index().subject(subject).annotation("kind", "index").build());
  }

  @Must
  void listIsAnImageIndex() {
    referrers(subject.digest())
        .statusCode(200)
        .header("Content-Type", equalTo(MediaTypes.OCI_INDEX))
        .body("schemaVersion", equalTo(2))
        .body("mediaType", equalTo(MediaTypes.OCI_INDEX));
  }

  @Must
  void listHasEveryManifestWithThatSubject() {
    referrers(subject.digest())
        .body(
            "manifests.digest",
            containsInAnyOrder(sbom.digest(), signature.digest(), image.digest(), index.digest()));
  }

  @Must
  void descriptorTellsMediaTypeAndSize() {
    referrers(subject.digest())
        .body(one(sbom, "mediaType"), equalTo(MediaTypes.OCI_MANIFEST))
        .body(one(sbom, "size"), equalTo(sbom.content().size()))
        .body(one(index, "mediaType"), equalTo(MediaTypes.OCI_INDEX));
  }

  @Must
  void artifactTypeIsTheManifests() {
    referrers(subject.digest()).body(one(sbom, "artifactType"), equalTo(SBOM));
  }

  @Must
  void artifactTypeOfAManifestWithoutOneIsItsConfigsMediaType() {
    referrers(subject.digest())
        .body(one(image, "artifactType"), equalTo("application/vnd.example.config"));
  }

  @Must
  void artifactTypeOfAnIndexWithoutOneIsOmitted() {
    referrers(subject.digest())
        .body(
            "manifests.find { it.digest == '" + index.digest() + "' }",
            not(hasKey("artifactType")));
  }

  @Must
  void annotationsAreTheManifests() {
    referrers(subject.digest())
        .body(one(sbom, "annotations.format"), equalTo("json"))
        .body(one(index, "annotations.kind"), equalTo("index"));
  }

  @Must
  void manifestWithoutReferrersHasAnEmptyList() {
    referrers(sbom.digest()).statusCode(200).body("manifests", empty());
  }

  @Must
  void subjectThatIsNotThereHasAnEmptyList() {
    referrers(Image.random().manifest().digest()).statusCode(200).body("manifests", empty());
  }

  @Must
  void subjectThatIsNotThereYetHasItsReferrers(Repository repository) {
    Manifest missing = Image.random().manifest();
    repository.push(Blob.EMPTY_JSON);
    Manifest artifact = repository.push(Manifest.artifact(SBOM).subject(missing).build());
    repository
        .request()
        .get(repository.referrers(missing.digest()))
        .then()
        .statusCode(200)
        .body("manifests.digest", contains(artifact.digest()));
  }

  @Must
  void sha512SubjectHasItsReferrers(Repository repository) {
    Manifest sha512 = repository.push(repository.pushImage().manifest().sha512());
    repository.push(Blob.EMPTY_JSON);
    Manifest artifact = repository.push(Manifest.artifact(SBOM).subject(sha512).build());
    repository
        .request()
        .get(repository.referrers(sha512.digest()))
        .then()
        .statusCode(200)
        .body("manifests.digest", contains(artifact.digest()));
  }

  @Must
  void deletedReferrerIsNotListed(Repository repository) {
    Manifest subject = repository.pushImage().manifest();
    repository.push(Blob.EMPTY_JSON);
    Manifest artifact = repository.push(Manifest.artifact(SBOM).subject(subject).build());
    repository.request().delete(repository.manifest(artifact.digest())).then().statusCode(202);
    repository
        .request()
        .get(repository.referrers(subject.digest()))
        .then()
        .statusCode(200)
        .body("manifests", empty());
  }

  @Must
  void malformedDigestIs400() {
    referrers("sha256:short").statusCode(400);
  }

  @Must
  void somethingThatIsNoDigestIs400() {
    referrers("v1").statusCode(400);
  }

  @Should
  void artifactTypeFilters() {
    referrers(subject.digest() + "?artifactType=" + SBOM)
        .statusCode(200)
        .body("manifests.digest", contains(sbom.digest()));
  }

  @Must
  void appliedFilterIsNamed() {
    referrers(subject.digest() + "?artifactType=" + SBOM)
        .header("OCI-Filters-Applied", equalTo("artifactType"));
  }

  @Should
  void filterFindsTheConfigsMediaType() {
    referrers(subject.digest() + "?artifactType=application/vnd.example.config")
        .body("manifests.digest", contains(image.digest()));
  }

  @Must
  void filterThatMatchesNothingGivesAnEmptyList() {
    referrers(subject.digest() + "?artifactType=application/vnd.example.none")
        .statusCode(200)
        .body("manifests", empty());
  }

  private static ValidatableResponse referrers(String digest) {
    return repository.request().get(repository.referrers(digest)).then();
  }

  private static String one(Manifest manifest, String field) {
    return "manifests.find { it.digest == '" + manifest.digest() + "' }." + field;
  }
}
