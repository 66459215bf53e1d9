package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;

/** A blob is seen only where it was pushed or mounted to. */
@Section("Promise > Blobs > Visibility")
class BlobVisibilityIT {
  private final Blob blob = Blob.random(100);

  @Promise
  void blobOfAnotherRepositoryIs404(Repository holder, Repository other) {
    holder.push(blob);
    other.push(Blob.random(100));
    other.request().head(other.blob(blob)).then().statusCode(404);
    other.request().get(other.blob(blob)).then().spec(error(404, "BLOB_UNKNOWN"));
  }

  @Promise
  void blobThatWasJustReadElsewhereIs404(Repository holder, Repository other) {
    holder.push(blob);
    holder.request().get(holder.blob(blob)).then().statusCode(200);
    other.request().get(other.blob(blob)).then().statusCode(404);
  }

  @Promise
  void blobOfAnotherRepositoryCannotBeDeleted(Repository holder, Repository other) {
    holder.push(blob);
    other.push(Blob.random(100));
    other.request().delete(other.blob(blob)).then().statusCode(404);
    holder.request().head(holder.blob(blob)).then().statusCode(200);
  }

  @Promise
  void blobOfAnotherRepositoryIsNoPartOfAManifest(Repository holder, Repository other) {
    Image image = holder.pushImage();
    other.put(image.manifest(), "v1").then().spec(error(404, "MANIFEST_BLOB_UNKNOWN"));
  }

  @Promise
  void deletedBlobStaysWhereItWasMounted(Repository holder, Repository other) {
    holder.push(blob);
    String mount = other.uploads() + "?mount=" + blob.digest() + "&from=" + holder.name();
    other.request().post(mount).then().statusCode(201);
    holder.request().delete(holder.blob(blob)).then().statusCode(202);
    holder.request().get(holder.blob(blob)).then().statusCode(404);
    other.request().get(other.blob(blob)).then().statusCode(200);
  }

  @Promise
  void deletedBlobCanBePushedAgain(Repository repository) {
    repository.push(blob);
    repository.request().get(repository.blob(blob)).then().statusCode(200);
    repository.request().delete(repository.blob(blob)).then().statusCode(202);
    repository.request().get(repository.blob(blob)).then().statusCode(404);
    repository.push(blob);
    repository.request().get(repository.blob(blob)).then().statusCode(200);
  }
}
