package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Section("Promise > Errors")
class ErrorsIT {
  @Promise
  void everyErrorHasCodeMessageAndDetail(Repository repository) {
    Image image = repository.pushImage("v1");
    errors(repository, image)
        .forEach(
            answer -> {
              assertThat(answer.statusCode()).isBetween(400, 499);
              assertThat(answer.contentType()).startsWith("application/json");
              List<Map<String, Object>> errors = answer.jsonPath().getList("errors");
              assertThat(errors).isNotEmpty();
              for (Map<String, Object> error : errors) {
                assertThat(error.get("code").toString()).matches("[A-Z_]+");
                assertThat(error.get("message").toString()).isNotBlank();
                assertThat(error).containsKey("detail");
              }
            });
  }

  @Promise
  void noErrorShowsTheServersInside(Repository repository) {
    Image image = repository.pushImage("v1");
    errors(repository, image)
        .forEach(
            answer ->
                assertThat(answer.asString())
                    .doesNotContain("Exception", "\tat ", "dev.entrepot", "java."));
  }

  @Promise
  void everyAnswerHasARequestIdOfItsOwn(Repository repository) {
    Image image = repository.pushImage("v1");
    List<String> ids =
        Stream.concat(
                errors(repository, image),
                Stream.of(
                    repository.request().get("/v2/"),
                    repository.request().get(repository.manifest("v1")),
                    repository.request().get(repository.blob(image.layer()))))
            .map(answer -> answer.header("X-Request-Id"))
            .toList();
    assertThat(ids).doesNotContainNull().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @Tag("promise")
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE | /v2/                     | GET, HEAD",
        "POST   | /v2/_catalog             | GET, HEAD",
        "PUT    | /v2/x/tags/list          | GET, HEAD",
        "PATCH  | /v2/x/manifests/v1       | DELETE, GET, HEAD, PUT",
        "POST   | /v2/x/manifests/v1       | DELETE, GET, HEAD, PUT",
        "PUT    | /v2/x/blobs/sha256:a     | DELETE, GET, HEAD",
        "GET    | /v2/x/blobs/uploads/     | POST",
        "GET    | /v2/x/blobs/uploads      | POST",
        "POST   | /v2/x/blobs/uploads/id   | DELETE, GET, HEAD, PATCH, PUT",
        "DELETE | /v2/x/referrers/sha256:a | GET, HEAD"
      })
  void methodThatIsNotAllowedIs405(String method, String path, String allowed, Registry registry) {
    Response refused = registry.request().request(method, path);
    refused.then().spec(error(405, "UNSUPPORTED"));
    assertThat(Arrays.stream(refused.header("Allow").split(",")).map(String::trim).sorted())
        .containsExactly(allowed.split(", "));
  }

  @Promise
  void pathThatIsNoneIs404WithTheEnvelope(Registry registry) {
    for (String path :
        new String[] {"/v2/x", "/v2/x/y", "/v2/x/tags", "/v2/x/tags/list/", "/v2/x/manifests/"}) {
      Response missing = registry.request().get(path);
      assertThat(missing.statusCode()).as(path).isEqualTo(404);
      assertThat(missing.jsonPath().getList("errors")).as(path).isNotEmpty();
    }
  }

  @Promise
  void errorOfAMissingBlobNamesIt(Repository repository) {
    repository.push(Blob.random(1));
    Blob missing = Blob.random(10);
    assertThat(repository.request().get(repository.blob(missing)).asString())
        .contains(missing.digest());
  }

  @Promise
  void errorOfAMissingTagNamesIt(Repository repository) {
    repository.push(Manifest.index().build(), "v1");
    assertThat(repository.request().get(repository.manifest("v-missing")).asString())
        .contains("v-missing");
  }

  private static Stream<Response> errors(Repository repository, Image image) {
    Repository unknown = repository.registry().newRepository();
    return Stream.of(
        unknown.request().get(unknown.manifest("v1")),
        unknown.request().get(unknown.tags()),
        unknown.request().get(unknown.blob(image.layer())),
        repository.request().get(repository.manifest("missing")),
        repository.request().get(repository.blob(Blob.random(5))),
        repository.request().get(repository.blob("sha256:x")),
        repository.request().get(repository.tags() + "?n=x"),
        repository.request().get("/v2/UPPER/tags/list"),
        repository.request().get("/v2/no/such"),
        repository.request().delete("/v2/"),
        repository.request().delete(repository.blob(image.layer())),
        repository.request().get(repository.uploads() + "nothing"),
        repository.request().put(repository.startUpload()),
        repository
            .request()
            .put(Repository.closing(repository.startUpload(), Blob.of("x").digest())),
        repository
            .request()
            .header("Content-Range", "7-8")
            .body(new byte[2])
            .patch(repository.startUpload()),
        repository.request().header("Range", "bytes=99999-").get(repository.blob(image.layer())),
        repository.put(Image.random().manifest(), "v2"),
        repository.put(Manifest.index().annotation("a", "x".repeat(5 << 20)).build(), "v2"),
        repository
            .request()
            .header("If-None-Match", "*")
            .contentType(image.manifest().mediaType())
            .body(image.manifest().bytes())
            .put(repository.manifest("v1")));
  }
}
