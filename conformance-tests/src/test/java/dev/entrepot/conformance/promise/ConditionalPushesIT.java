package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Concurrently;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import java.util.List;

/** If-Match and If-None-Match on pushes: tags move by compare-and-set. */
@Section("Promise > Manifests > Conditional pushes")
class ConditionalPushesIT {
  private final Manifest manifest = Manifest.index().build();
  private final Manifest other = Manifest.index().build();

  @Promise
  void newTagIsSetWhenItMustNotExist(Repository repository) {
    put(repository, manifest, "v1", "If-None-Match", "*").then().statusCode(201);
  }

  @Promise
  void tagThatExistsIsNotMovedWhenItMustNot(Repository repository) {
    repository.push(manifest, "v1");
    put(repository, other, "v1", "If-None-Match", "*")
        .then()
        .spec(error(412, "PRECONDITION_FAILED"));
    pointsTo(repository, "v1", manifest);
  }

  @Promise
  void tagIsMovedFromWhereTheClientSawIt(Repository repository) {
    repository.push(manifest, "v1");
    String etag = repository.request().head(repository.manifest("v1")).header("ETag");
    put(repository, other, "v1", "If-Match", etag).then().statusCode(201);
    pointsTo(repository, "v1", other);
  }

  @Promise
  void tagThatHasMovedIsNotMovedAgain(Repository repository) {
    repository.push(manifest, "v1");
    String etag = repository.request().head(repository.manifest("v1")).header("ETag");
    repository.push(other, "v1");
    put(repository, Manifest.index().build(), "v1", "If-Match", etag)
        .then()
        .spec(error(412, "PRECONDITION_FAILED"));
    pointsTo(repository, "v1", other);
  }

  @Promise
  void oneOfSeveralEtagsIsEnough(Repository repository) {
    repository.push(manifest, "v1");
    String etags = quoted(other) + ", " + quoted(manifest);
    put(repository, other, "v1", "If-Match", etags).then().statusCode(201);
  }

  @Promise
  void tagThatMustExistAndDoesNotIsNotSet(Repository repository) {
    repository.push(manifest);
    put(repository, other, "v1", "If-Match", "*").then().statusCode(412);
    put(repository, other, "v1", "If-Match", quoted(manifest)).then().statusCode(412);
    repository.request().head(repository.manifest("v1")).then().statusCode(404);
  }

  @Promise
  void tagThatMustExistAndDoesIsMoved(Repository repository) {
    repository.push(manifest, "v1");
    put(repository, other, "v1", "If-Match", "*").then().statusCode(201);
  }

  @Promise
  void manifestThatIsThereByDigestIsNotPushedWhenItMustNotBe(Repository repository) {
    repository.push(manifest);
    put(repository, manifest, manifest.digest(), "If-None-Match", "*").then().statusCode(412);
  }

  @Promise
  void allTagsAreSetOrNone(Repository repository) {
    repository.push(manifest, "old");
    put(repository, other, other.digest() + "?tag=new&tag=old", "If-None-Match", "*")
        .then()
        .statusCode(412);
    repository.request().head(repository.manifest("new")).then().statusCode(404);
    pointsTo(repository, "old", manifest);
  }

  @Promise
  void oneOfManyClientsSetsANewTag(Repository repository) {
    List<Integer> statuses =
        Concurrently.run(
            8,
            client -> {
              Manifest mine = Manifest.index().build();
              return () -> put(repository, mine, "v1", "If-None-Match", "*").statusCode();
            });
    assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 412);
  }

  @Promise
  void oneOfManyClientsMovesATag(Repository repository) {
    repository.push(manifest, "v1");
    List<Integer> statuses =
        Concurrently.run(
            8,
            client -> {
              Manifest mine = Manifest.index().build();
              return () -> put(repository, mine, "v1", "If-Match", quoted(manifest)).statusCode();
            });
    assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 412);
  }

  private static Response put(
      Repository repository, Manifest manifest, String reference, String header, String value) {
    return repository
        .request()
        .header(header, value)
        .contentType(manifest.mediaType())
        .body(manifest.bytes())
        .put(repository.manifest(reference));
  }

  private static void pointsTo(Repository repository, String tag, Manifest manifest) {
    repository
        .request()
        .head(repository.manifest(tag))
        .then()
        .header("Docker-Content-Digest", equalTo(manifest.digest()));
  }

  private static String quoted(Manifest manifest) {
    return "\"" + manifest.digest() + "\"";
  }
}
