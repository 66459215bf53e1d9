package dev.entrepot.conformance.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;
import io.restassured.response.Response;

@Section("Push > Pushing a blob monolithically > Single POST")
class SinglePostIT {
  @Promise
  void postWithDigestIs201(Repository repository) {
    post(repository, Blob.random(1000)).then().statusCode(201);
  }

  @Must
  void locationCanBePulledOnceTheBlobIsCreated(Repository repository) {
    Blob blob = Blob.random(1000);
    Response answer = post(repository, blob);
    if (answer.statusCode() == 201) {
      assertThat(repository.request().get(repository.location(answer)).asByteArray())
          .isEqualTo(blob.bytes());
    }
  }

  @Should
  void registryWithoutItAnswers202WithAnUploadToGoOnWith(Repository repository) {
    Blob blob = Blob.random(1000);
    Response answer = post(repository, blob);
    if (answer.statusCode() != 201) {
      answer.then().statusCode(202);
      repository
          .request()
          .contentType(MediaTypes.OCTET_STREAM)
          .body(blob.bytes())
          .put(Repository.closing(repository.location(answer), blob.digest()))
          .then()
          .statusCode(201);
    }
  }

  @Promise
  void sha512BlobIsTaken(Repository repository) {
    Blob blob = Blob.random(1000).sha512();
    post(repository, blob).then().statusCode(201);
    repository.request().head(repository.blob(blob)).then().statusCode(200);
  }

  @Promise
  void emptyBlobIsTaken(Repository repository) {
    post(repository, Blob.of("")).then().statusCode(201);
  }

  @Promise
  void digestOfOtherContentIs400(Repository repository) {
    Blob wrong = new Blob(Blob.random(10).bytes(), Blob.random(10).digest());
    post(repository, wrong).then().statusCode(400);
    repository.request().head(repository.blob(wrong)).then().statusCode(404);
  }

  private static Response post(Repository repository, Blob blob) {
    return repository
        .request()
        .contentType(MediaTypes.OCTET_STREAM)
        .body(blob.bytes())
        .post(repository.uploads() + "?digest=" + blob.digest());
  }
}
