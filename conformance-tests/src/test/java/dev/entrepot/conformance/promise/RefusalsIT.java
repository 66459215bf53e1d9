package dev.entrepot.conformance.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.RawConnection;
import dev.entrepot.conformance.support.RawResponse;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import java.io.UncheckedIOException;

/**
 * Clients that send a whole body before they read, as Go's do, and get it refused: they must be
 * able to read why.
 */
@Section("Promise > Refusals in mid-body")
class RefusalsIT {
  private static final int MEGABYTE = 1 << 20;

  @Promise
  void tooLargeManifestIsRefusedReadably(Repository repository) {
    RawResponse answer =
        sendAll(
            repository,
            "PUT",
            repository.manifest("v1"),
            8 * MEGABYTE,
            "Content-Type: " + MediaTypes.OCI_MANIFEST);
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text()).contains("MANIFEST_INVALID");
  }

  @Promise
  void chunkOfAMissingUploadIsRefusedReadably(Repository repository) {
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    RawResponse answer = sendAll(repository, "PATCH", location, 8 * MEGABYTE);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("BLOB_UPLOAD_UNKNOWN");
  }

  @Promise
  void chunkOutOfOrderIsRefusedReadably(Repository repository) {
    String location = repository.startUpload();
    RawResponse answer =
        sendAll(repository, "PATCH", location, 8 * MEGABYTE, "Content-Range: 1-" + (8 * MEGABYTE));
    assertThat(answer.status()).isEqualTo(416);
  }

  @Promise
  void chunkedBodyOfAMissingUploadIsRefusedReadably(Repository repository) {
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", location, "Transfer-Encoding: chunked");
      for (int i = 0; i < 8; i++) {
        connection.sendChunk(new byte[MEGABYTE]);
      }
      assertThat(connection.sendLastChunk().read().status()).isEqualTo(404);
    }
  }

  @Promise
  void refusedBodyIsNotReadForEver(Repository repository) {
    String location = repository.startUpload();
    repository.request().delete(location).then().statusCode(204);
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PATCH", location, "Transfer-Encoding: chunked");
      assertThat(megabytesTaken(connection, 200)).isLessThan(200);
    }
  }

  @Promise
  void uploadsHaveNoGeneralLimit(Repository repository) {
    Blob blob = Blob.random(40 * MEGABYTE);
    String closing = Repository.closing(repository.startUpload(), blob.digest());
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead("PUT", closing, "Content-Length: " + blob.size());
      assertThat(connection.send(blob.bytes()).read().status()).isEqualTo(201);
    }
  }

  /** How much the registry takes of a body that it has refused, before it closes. */
  private static int megabytesTaken(RawConnection connection, int limit) {
    for (int sent = 0; sent < limit; sent++) {
      try {
        connection.sendChunk(new byte[MEGABYTE]);
      } catch (UncheckedIOException closed) {
        return sent;
      }
    }
    return limit;
  }

  private static RawResponse sendAll(
      Repository repository, String method, String target, int size, String... headers) {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Content-Length: " + size;
    try (RawConnection connection = repository.registry().connect()) {
      connection.sendHead(method, target, all);
      for (int sent = 0; sent < size; sent += MEGABYTE) {
        connection.send(new byte[MEGABYTE]);
      }
      return connection.read();
    }
  }
}
