package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.http.Header;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Section("Promise > Uploads > Mounts")
class MountsIT {
  private final Blob blob = Blob.random(100);

  @Promise
  void mountNeedsNoFrom(Repository holder, Repository target) {
    holder.push(blob);
    target
        .request()
        .post(target.uploads() + "?mount=" + blob.digest())
        .then()
        .statusCode(201)
        .header("Docker-Content-Digest", equalTo(blob.digest()));
    target.request().head(target.blob(blob)).then().statusCode(200);
  }

  @Promise
  void mountWithoutFromOfAMissingBlobStartsAnUpload(Repository target) {
    target.request().post(target.uploads() + "?mount=" + blob.digest()).then().statusCode(202);
  }

  @Promise
  void mountFromTheRepositoryItselfIs201(Repository holder) {
    holder.push(blob);
    mount(holder, holder.name()).then().statusCode(201);
  }

  @Promise
  void mountTellsTheDigest(Repository holder, Repository target) {
    holder.push(blob);
    mount(target, holder.name()).then().header("Docker-Content-Digest", equalTo(blob.digest()));
  }

  @Promise
  void mountMakesARepository(Repository holder, Repository target) {
    holder.push(blob);
    mount(target, holder.name()).then().statusCode(201);
    target.request().get(target.tags()).then().statusCode(200);
  }

  @Promise
  void blobIsNotFoundInARepositoryThatDoesNotHoldIt(
      Repository holder, Repository from, Repository target) {
    holder.push(blob);
    from.push(Blob.random(10));
    mount(target, from.name()).then().statusCode(202);
    target.request().head(target.blob(blob)).then().statusCode(404);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {"UPPER", "..%2F..%2Fetc", "%ff", "", "-", "no/such"})
  void mountThatFailsLooksLikeAnyOther(String from, Repository holder, Repository target) {
    holder.push(Blob.random(10));
    Response missing = mount(target, holder.name());
    Response failed = mount(target, from);
    failed.then().statusCode(202);
    assertThat(headerNames(failed)).isEqualTo(headerNames(missing));
    assertThat(failed.header("Range")).isEqualTo(missing.header("Range"));
  }

  private Response mount(Repository target, String from) {
    return target.request().post(target.uploads() + "?mount=" + blob.digest() + "&from=" + from);
  }

  private static List<String> headerNames(Response response) {
    return response.headers().asList().stream().map(Header::getName).sorted().toList();
  }
}
