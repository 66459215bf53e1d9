package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import io.restassured.response.Response;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 14, for a blob small enough to be kept in memory and for one that is not. */
@Section("Promise > Blobs > Range")
@ParameterizedClass(name = "{0} bytes")
@ValueSource(ints = {1_000, 1_000_000})
class BlobRangesIT {
  private final int size;
  private final Blob blob;

  BlobRangesIT(int size) {
    this.size = size;
    this.blob = Blob.random(size);
  }

  @Promise
  void rangeInTheMiddleIsAnswered(Repository repository) {
    part(range(repository, "bytes=500-599"), 500, 600);
  }

  @Promise
  void firstByteIsAnswered(Repository repository) {
    part(range(repository, "bytes=0-0"), 0, 1);
  }

  @Promise
  void lastByteIsAnswered(Repository repository) {
    part(range(repository, "bytes=" + (size - 1) + "-" + (size - 1)), size - 1, size);
  }

  @Promise
  void openEndIsAnswered(Repository repository) {
    part(range(repository, "bytes=" + (size - 10) + "-"), size - 10, size);
  }

  @Promise
  void openEndFromZeroIsAllOfIt(Repository repository) {
    part(range(repository, "bytes=0-"), 0, size);
  }

  @Promise
  void suffixIsAnswered(Repository repository) {
    part(range(repository, "bytes=-100"), size - 100, size);
  }

  @Promise
  void suffixLongerThanTheBlobIsAllOfIt(Repository repository) {
    part(range(repository, "bytes=-" + (size + 1)), 0, size);
  }

  @Promise
  void endBeyondTheBlobIsItsEnd(Repository repository) {
    part(range(repository, "bytes=" + (size - 10) + "-" + (size + 100)), size - 10, size);
  }

  @Promise
  void startBeyondTheBlobIs416(Repository repository) {
    notSatisfiable(range(repository, "bytes=" + size + "-"));
  }

  @Promise
  void emptySuffixIs416(Repository repository) {
    notSatisfiable(range(repository, "bytes=-0"));
  }

  @Promise
  void endBeforeTheStartIs416(Repository repository) {
    notSatisfiable(range(repository, "bytes=500-0"));
  }

  @Promise
  void unitOtherThanBytesIsIgnored(Repository repository) {
    range(repository, "items=0-9").then().statusCode(200);
  }

  @Promise
  void severalRangesAreAnsweredWithAllOfIt(Repository repository) {
    Response answer = range(repository, "bytes=0-9,20-29");
    answer.then().statusCode(200);
    assertThat(answer.asByteArray()).isEqualTo(blob.bytes());
  }

  @Promise
  void rangesBeyondAnyNumberAreNoFault(Repository repository) {
    notSatisfiable(range(repository, "bytes=99999999999999999999999-"));
    part(range(repository, "bytes=0-99999999999999999999999"), 0, size);
  }

  @Promise
  void headIgnoresARange(Repository repository) {
    repository.push(blob);
    repository
        .request()
        .header("Range", "bytes=0-9")
        .head(repository.blob(blob))
        .then()
        .statusCode(200)
        .header("Content-Length", equalTo(String.valueOf(size)));
  }

  @Promise
  void rangesAreAnnounced(Repository repository) {
    repository.push(blob);
    repository
        .request()
        .get(repository.blob(blob))
        .then()
        .header("Accept-Ranges", equalTo("bytes"));
  }

  @Promise
  void partComesWithTheDigestOfTheWhole(Repository repository) {
    range(repository, "bytes=0-9").then().header("Docker-Content-Digest", equalTo(blob.digest()));
  }

  @Promise
  void ifRangeWithTheEtagGivesThePart(Repository repository) {
    repository.push(blob);
    repository
        .request()
        .header("Range", "bytes=0-9")
        .header("If-Range", "\"" + blob.digest() + "\"")
        .get(repository.blob(blob))
        .then()
        .statusCode(206);
  }

  @Promise
  void ifRangeWithAnotherEtagGivesAllOfIt(Repository repository) {
    repository.push(blob);
    repository
        .request()
        .header("Range", "bytes=0-9")
        .header("If-Range", "\"another\"")
        .get(repository.blob(blob))
        .then()
        .statusCode(200)
        .header("Content-Length", equalTo(String.valueOf(size)));
  }

  private Response range(Repository repository, String range) {
    repository.push(blob);
    return repository.request().header("Range", range).get(repository.blob(blob));
  }

  private void part(Response answer, int from, int to) {
    answer
        .then()
        .statusCode(206)
        .header("Content-Range", equalTo("bytes " + from + "-" + (to - 1) + "/" + size))
        .header("Content-Length", equalTo(String.valueOf(to - from)));
    assertThat(answer.asByteArray()).isEqualTo(blob.slice(from, to));
  }

  private void notSatisfiable(Response answer) {
    answer.then().statusCode(416).header("Content-Range", equalTo("bytes */" + size));
  }
}
