package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;

/** What a manifest here references cannot be deleted under it; caches show what is true. */
@Section("Promise > Manifests > Deletion and change")
class ReferencedContentIT {
  @Promise
  void referencedBlobIsKeptAndItsParentNamed(Repository repository) {
    Image image = repository.pushImage();
    for (Blob blob : new Blob[] {image.layer(), image.config()}) {
      Response refused = repository.request().delete(repository.blob(blob));
      refused.then().spec(error(405, "UNSUPPORTED")).header("Allow", equalTo("GET, HEAD"));
      assertThat(refused.asString()).contains(image.manifest().digest());
      repository.request().head(repository.blob(blob)).then().statusCode(200);
    }
  }

  @Promise
  void blobThatOnlyAnotherRepositorysManifestReferencesIsDeleted(
      Repository repository, Repository other) {
    Image image = other.pushImage();
    repository.push(image.layer());
    repository.request().delete(repository.blob(image.layer())).then().statusCode(202);
    other.request().head(other.blob(image.layer())).then().statusCode(200);
  }

  @Promise
  void childOfAnIndexIsKeptAndItsParentNamed(Repository repository) {
    Manifest child = repository.pushImage("child").manifest();
    Manifest index = repository.push(Manifest.index().manifest(child).build());
    Response refused = repository.request().delete(repository.manifest(child.digest()));
    refused.then().spec(error(405, "UNSUPPORTED")).header("Allow", equalTo("GET, HEAD, PUT"));
    assertThat(refused.asString()).contains(index.digest());
    repository.request().head(repository.manifest("child")).then().statusCode(200);
  }

  @Promise
  void childIsDeletedOnceItsIndexIs(Repository repository) {
    Manifest child = repository.pushImage().manifest();
    Manifest index = repository.push(Manifest.index().manifest(child).build());
    repository.request().delete(repository.manifest(index.digest())).then().statusCode(202);
    repository.request().delete(repository.manifest(child.digest())).then().statusCode(202);
  }

  @Promise
  void tagOfAChildIsDeleted(Repository repository) {
    Manifest child = repository.pushImage("child").manifest();
    repository.push(Manifest.index().manifest(child).build());
    repository.request().delete(repository.manifest("child")).then().statusCode(202);
    repository.request().head(repository.manifest(child.digest())).then().statusCode(200);
  }

  @Promise
  void subjectIsDeletedThoughItHasReferrers(Repository repository) {
    Manifest subject = repository.pushImage().manifest();
    repository.push(Blob.EMPTY_JSON);
    repository.push(Manifest.artifact("application/vnd.example.sbom").subject(subject).build());
    repository.request().delete(repository.manifest(subject.digest())).then().statusCode(202);
    repository
        .request()
        .get(repository.referrers(subject.digest()))
        .then()
        .body("manifests.size()", equalTo(1));
  }

  @Promise
  void movedTagIsSeenAtOnce(Repository repository) {
    Manifest old = repository.pushImage("v1").manifest();
    repository.request().get(repository.manifest("v1")).then().statusCode(200);
    Manifest moved = repository.pushImage("v1").manifest();
    assertThat(repository.request().get(repository.manifest("v1")).asByteArray())
        .isEqualTo(moved.bytes());
    repository.request().get(repository.manifest(old.digest())).then().statusCode(200);
  }

  @Promise
  void deletionIsSeenAtOnce(Repository repository) {
    Image image = repository.pushImage("v1");
    String digest = image.manifest().digest();
    repository.request().get(repository.manifest("v1")).then().statusCode(200);
    repository.request().get(repository.manifest(digest)).then().statusCode(200);
    repository.request().delete(repository.manifest(digest)).then().statusCode(202);
    repository.request().get(repository.manifest("v1")).then().statusCode(404);
    repository.request().get(repository.manifest(digest)).then().statusCode(404);
    repository.request().get(repository.tags()).then().body("tags", empty());
  }

  @Promise
  void deletedManifestCanBePushedAgain(Repository repository) {
    Image image = repository.pushImage("v1");
    String path = repository.manifest(image.manifest().digest());
    repository.request().delete(path).then().statusCode(202);
    repository.request().delete(path).then().spec(error(404, "MANIFEST_UNKNOWN"));
    repository.push(image.manifest(), "v1");
    repository.request().get(path).then().statusCode(200);
  }

  @Promise
  void manifestPushedTwiceIsOne(Repository repository) {
    Manifest manifest = repository.pushImage("v1").manifest();
    repository.put(manifest, "v1").then().statusCode(201);
    repository.put(manifest, manifest.digest()).then().statusCode(201);
    repository.request().get(repository.tags()).then().body("tags.size()", equalTo(1));
  }
}
