package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.RawResponse;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;

/** HEAD on the wire: every answer has a length, none has a body. */
@Section("Promise > Client habits")
class HeadLengthIT {
  @Promise
  void headOfTheBaseHasALength(Registry registry) {
    assertThat(head(registry, "/v2/").header("Content-Length")).isPresent();
  }

  @Promise
  void headOfSmallAndLargeBlobsHasTheirLength(Repository repository) {
    for (int size : new int[] {0, 1, 70_000, 3_000_000}) {
      Blob blob = repository.push(Blob.random(size));
      assertThat(head(repository.registry(), repository.blob(blob)).header("Content-Length"))
          .contains(String.valueOf(size));
    }
  }

  @Promise
  void headOfAManifestHasItsLength(Repository repository) {
    Image image = repository.pushImage("v1");
    assertThat(head(repository.registry(), repository.manifest("v1")).header("Content-Length"))
        .contains(String.valueOf(image.manifest().content().size()));
  }

  @Promise
  void headOfListsHasALength(Repository repository) {
    String digest = repository.pushImage("v1").manifest().digest();
    for (String path :
        new String[] {repository.tags(), repository.referrers(digest), "/v2/_catalog?n=1"}) {
      assertThat(head(repository.registry(), path).header("Content-Length")).as(path).isPresent();
    }
  }

  @Promise
  void headOfWhatIsMissingHasALength(Repository repository) {
    RawResponse answer = head(repository.registry(), repository.blob(Blob.random(3)));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Length")).isPresent();
  }

  @Promise
  void headsOnOneConnectionAreFollowedByNoBody(Repository repository) {
    Image image = repository.pushImage("v1");
    try (RawConnection connection = repository.registry().connect()) {
      for (String path :
          new String[] {
            repository.manifest("v1"), repository.blob(image.layer()), repository.manifest("no")
          }) {
        connection.sendHead("HEAD", path).readHead();
      }
      RawResponse pulled = connection.sendHead("GET", repository.manifest("v1")).read();
      assertThat(pulled.body()).isEqualTo(image.manifest().bytes());
    }
  }

  private static RawResponse head(Registry registry, String path) {
    try (RawConnection connection = registry.connect()) {
      return connection.sendHead("HEAD", path).readHead();
    }
  }
}
