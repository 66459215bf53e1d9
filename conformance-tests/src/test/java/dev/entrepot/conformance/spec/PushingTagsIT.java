package dev.entrepot.conformance.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;

import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import dev.entrepot.conformance.support.Should;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

@Section("Push > Pushing Manifests > tag parameters")
class PushingTagsIT {
  @Must
  void eachAcceptedTagIsNamed(Repository repository) {
    Response pushed = put(repository, pushed(repository), List.of("1.2.3", "1.2", "latest"));
    pushed.then().statusCode(201);
    assertThat(acceptedTags(pushed)).containsExactlyInAnyOrder("1.2.3", "1.2", "latest");
  }

  @Must
  void acceptedTagsPointToTheManifest(Repository repository) {
    Manifest manifest = pushed(repository);
    put(repository, manifest, List.of("a", "b")).then().statusCode(201);
    for (String tag : List.of("a", "b")) {
      repository
          .request()
          .accept(manifest.mediaType())
          .head(repository.manifest(tag))
          .then()
          .statusCode(200)
          .header("Docker-Content-Digest", manifest.digest());
    }
  }

  @Should
  void tenTagsAreAccepted(Repository repository) {
    List<String> tags = IntStream.range(0, 10).mapToObj(i -> "t" + i).toList();
    put(repository, pushed(repository), tags).then().statusCode(201);
    repository.request().get(repository.tags()).then().body("tags", contains(tags.toArray()));
  }

  private static Manifest pushed(Repository repository) {
    Image image = Image.random();
    return repository.push(image).manifest();
  }

  private static Response put(Repository repository, Manifest manifest, List<String> tags) {
    String query = tags.stream().map(tag -> "tag=" + tag).collect(Collectors.joining("&"));
    return repository.put(manifest, manifest.digest() + "?" + query);
  }

  /** One header with a list and several headers mean the same. */
  private static List<String> acceptedTags(Response response) {
    return response.headers().getValues("OCI-Tag").stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::trim)
        .toList();
  }
}
