package dev.entrepot.conformance.promise;

import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;

/** ETag and If-None-Match on reads: RFC 9110, section 13. */
@Section("Promise > Blobs > ETag")
class ConditionalReadsIT {
  private final Blob blob = Blob.random(100);

  @Promise
  void etagOfABlobIsItsDigest(Repository repository) {
    repository.push(blob);
    repository.request().get(repository.blob(blob)).then().header("ETag", quoted(blob.digest()));
    repository.request().head(repository.blob(blob)).then().header("ETag", quoted(blob.digest()));
  }

  @Promise
  void etagOfALargeBlobIsItsDigest(Repository repository) {
    Blob large = repository.push(Blob.random(1_000_000));
    repository.request().get(repository.blob(large)).then().header("ETag", quoted(large.digest()));
  }

  @Promise
  void blobThatTheClientHasIs304(Repository repository) {
    repository.push(blob);
    ifNoneMatch(repository, quoted(blob.digest())).then().statusCode(304);
  }

  @Promise
  void largeBlobThatTheClientHasIs304(Repository repository) {
    Blob large = repository.push(Blob.random(1_000_000));
    repository
        .request()
        .header("If-None-Match", quoted(large.digest()))
        .get(repository.blob(large))
        .then()
        .statusCode(304);
  }

  @Promise
  void anyEtagMatches(Repository repository) {
    repository.push(blob);
    ifNoneMatch(repository, "*").then().statusCode(304);
  }

  @Promise
  void oneOfSeveralEtagsMatches(Repository repository) {
    repository.push(blob);
    ifNoneMatch(repository, "\"other\", " + quoted(blob.digest())).then().statusCode(304);
  }

  @Promise
  void weakEtagMatches(Repository repository) {
    repository.push(blob);
    ifNoneMatch(repository, "W/" + quoted(blob.digest())).then().statusCode(304);
  }

  @Promise
  void anotherEtagGivesTheBlob(Repository repository) {
    repository.push(blob);
    ifNoneMatch(repository, "\"other\"").then().statusCode(200);
  }

  @Promise
  void missingBlobIs404WhateverTheClientHas(Repository repository) {
    repository.push(Blob.random(10));
    ifNoneMatch(repository, quoted(blob.digest())).then().statusCode(404);
  }

  @Promise
  void etagOfAManifestIsItsDigest(Repository repository) {
    Image image = repository.pushImage("v1");
    repository
        .request()
        .get(repository.manifest("v1"))
        .then()
        .header("ETag", quoted(image.manifest().digest()));
  }

  @Promise
  void manifestThatTheClientHasIs304(Repository repository) {
    Image image = repository.pushImage("v1");
    repository
        .request()
        .header("If-None-Match", quoted(image.manifest().digest()))
        .get(repository.manifest("v1"))
        .then()
        .statusCode(304);
  }

  @Promise
  void tagThatHasMovedIsNot304(Repository repository) {
    Image old = repository.pushImage("v1");
    Image moved = repository.pushImage("v1");
    repository
        .request()
        .header("If-None-Match", quoted(old.manifest().digest()))
        .get(repository.manifest("v1"))
        .then()
        .statusCode(200)
        .header("Docker-Content-Digest", equalTo(moved.manifest().digest()));
  }

  @Promise
  void blobsAreOctetStreams(Repository repository) {
    repository.push(blob);
    repository
        .request()
        .get(repository.blob(blob))
        .then()
        .header("Content-Type", equalTo(MediaTypes.OCTET_STREAM));
  }

  private Response ifNoneMatch(Repository repository, String etag) {
    return repository.request().header("If-None-Match", etag).get(repository.blob(blob));
  }

  private static String quoted(String digest) {
    return "\"" + digest + "\"";
  }
}
