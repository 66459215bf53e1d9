package dev.entrepot.conformance.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.notNullValue;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;
import io.restassured.response.Response;
import java.util.regex.Pattern;

@Section("Push > Pushing a blob monolithically > POST then PUT")
class PostThenPutIT {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");

  @Must
  void postIs202WithALocation(Repository repository) {
    repository
        .request()
        .post(repository.uploads())
        .then()
        .statusCode(202)
        .header("Location", notNullValue());
  }

  @Must
  void locationHasAUuid(Repository repository) {
    assertThat(repository.startUpload()).containsPattern(UUID);
  }

  @Must
  void eachUploadHasALocationOfItsOwn(Repository repository) {
    assertThat(repository.startUpload()).isNotEqualTo(repository.startUpload());
  }

  @Must
  void putIs201(Repository repository) {
    put(repository, Blob.random(1000)).then().statusCode(201);
  }

  @Must
  void putAnswersWithALocationThatCanBePulled(Repository repository) {
    Blob blob = Blob.random(1000);
    String location = repository.location(put(repository, blob));
    assertThat(repository.request().get(location).asByteArray()).isEqualTo(blob.bytes());
  }

  @Must
  void sha512BlobIsTaken(Repository repository) {
    Blob blob = Blob.random(1000).sha512();
    String location = repository.location(put(repository, blob));
    assertThat(repository.request().get(location).asByteArray()).isEqualTo(blob.bytes());
  }

  @Must
  void emptyBlobIsTaken(Repository repository) {
    put(repository, Blob.of("")).then().statusCode(201);
  }

  @Must
  void blobThatIsThereAlreadyIsTakenAgain(Repository repository) {
    Blob blob = repository.push(Blob.random(1000));
    put(repository, blob).then().statusCode(201);
  }

  @Should
  void digestOfOtherContentIs400(Repository repository) {
    put(repository, new Blob(Blob.random(10).bytes(), Blob.random(10).digest()))
        .then()
        .statusCode(400);
  }

  @Should
  void malformedDigestIs400(Repository repository) {
    put(repository, new Blob(Blob.random(10).bytes(), "sha256:0123")).then().statusCode(400);
  }

  @Should
  void digestOfAnUnsupportedAlgorithmIs400(Repository repository) {
    put(repository, new Blob(Blob.random(10).bytes(), "md5:d41d8cd98f00b204e9800998ecf8427e"))
        .then()
        .statusCode(400);
  }

  private static Response put(Repository repository, Blob blob) {
    return repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.bytes())
        .put(Repository.closing(repository.startUpload(), blob.digest()));
  }
}
