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

@Section("Push > Mounting a blob from another repository")
class MountingBlobsIT {
  @Must
  void mountIs201WithALocation(Repository target, Repository source) {
    Blob blob = source.push(Blob.random(100));
    mount(target, blob, source.name()).then().statusCode(201).header("Location", notNullValue());
  }

  @Must
  void mountedBlobIsPulledFromItsLocation(Repository target, Repository source) {
    Blob blob = source.push(Blob.random(100));
    String location = target.location(mount(target, blob, source.name()));
    assertThat(target.request().get(location).asByteArray()).isEqualTo(blob.bytes());
  }

  @Must
  void mountedBlobIsInTheRepository(Repository target, Repository source) {
    Blob blob = source.push(Blob.random(100));
    mount(target, blob, source.name()).then().statusCode(201);
    target.request().head(target.blob(blob)).then().statusCode(200);
  }

  @Must
  void sha512BlobIsMounted(Repository target, Repository source) {
    Blob blob = source.push(Blob.random(100).sha512());
    mount(target, blob, source.name()).then().statusCode(201);
    target.request().head(target.blob(blob)).then().statusCode(200);
  }

  @Should
  void mountOfABlobThatIsNotThereStartsAnUpload(Repository target, Repository source) {
    source.push(Blob.random(100));
    Blob blob = Blob.random(100);
    Response answer = mount(target, blob, source.name());
    answer.then().statusCode(202);
    target
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.bytes())
        .put(Repository.closing(target.location(answer), blob.digest()))
        .then()
        .statusCode(201);
  }

  @Should
  void mountFromARepositoryThatIsNotThereStartsAnUpload(Repository target, Repository source) {
    Response answer = mount(target, Blob.random(100), source.name());
    answer.then().statusCode(202).header("Location", notNullValue());
  }

  private static Response mount(Repository target, Blob blob, String from) {
    return target.request().post(target.uploads() + "?mount=" + blob.digest() + "&from=" + from);
  }
}
