package dev.entrepot.conformance.spec;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.util.List;

@Section("API > Error Codes")
class ErrorCodesIT {
  @Must
  void jsonErrorsHaveTheEnvelope(Repository repository) {
    Response answer = repository.request().get(repository.manifest("v1"));
    List<Object> errors = answer.then().statusCode(404).extract().jsonPath().getList("errors");
    assertThat(errors).isNotEmpty();
  }

  @Must
  void codesAreCapitalsAndUnderscores(Repository repository) {
    String code =
        repository.request().get(repository.manifest("v1")).jsonPath().getString("errors[0].code");
    assertThat(code).matches("[A-Z_]+");
  }

  @Must
  void missingBlobIsBlobUnknown(Repository repository) {
    repository.push(Blob.random(10));
    repository
        .request()
        .get(repository.blob(Blob.random(10)))
        .then()
        .spec(error(404, "BLOB_UNKNOWN"));
  }

  @Promise
  void malformedContentRangeIsBlobUploadInvalid(Repository repository) {
    repository
        .request()
        .header("Content-Range", "ten-twenty")
        .contentType(MediaTypes.OCTET_STREAM)
        .body(Blob.of("0123456789").bytes())
        .patch(repository.startUpload())
        .then()
        .spec(error(400, "BLOB_UPLOAD_INVALID"));
  }

  @Must
  void missingUploadIsBlobUploadUnknown(Repository repository) {
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    repository.request().get(location).then().spec(error(404, "BLOB_UPLOAD_UNKNOWN"));
  }

  @Must
  void wrongDigestIsDigestInvalid(Repository repository) {
    repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(Blob.of("x").bytes())
        .put(Repository.closing(repository.startUpload(), Blob.of("y").digest()))
        .then()
        .spec(error(400, "DIGEST_INVALID"));
  }

  @Must
  void missingReferencedBlobIsManifestBlobUnknown(Repository repository) {
    repository.put(Image.random().manifest(), "v1").then().spec(error("MANIFEST_BLOB_UNKNOWN"));
  }

  @Must
  void brokenManifestIsManifestInvalid(Repository repository) {
    Manifest broken = new Manifest(Blob.of("{\"schemaVersion\":2"), MediaTypes.OCI_MANIFEST);
    repository.put(broken, "v1").then().spec(error(400, "MANIFEST_INVALID"));
  }

  @Must
  void missingManifestIsManifestUnknown(Repository repository) {
    repository.pushImage("v1");
    repository.request().get(repository.manifest("v2")).then().spec(error(404, "MANIFEST_UNKNOWN"));
  }

  @Must
  void malformedNameIsNameInvalid(Registry registry) {
    registry.request().get("/v2/UPPER/tags/list").then().spec(error(400, "NAME_INVALID"));
  }

  @Must
  void missingRepositoryIsNameUnknown(Repository repository) {
    repository.request().get(repository.tags()).then().spec(error(404, "NAME_UNKNOWN"));
  }

  @Promise
  void bodyOfAnotherSizeThanDeclaredIsSizeInvalid(Repository repository) {
    repository
        .request()
        .header("Content-Range", "0-99")
        .contentType(MediaTypes.OCTET_STREAM)
        .body(Blob.of("0123456789").bytes())
        .patch(repository.startUpload())
        .then()
        .spec(error(400, "SIZE_INVALID"));
  }

  @Promise
  void deletingAReferencedBlobIsUnsupported(Repository repository) {
    Image image = repository.pushImage();
    repository
        .request()
        .delete(repository.blob(image.layer()))
        .then()
        .spec(error(405, "UNSUPPORTED"));
  }
}
