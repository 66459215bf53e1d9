package dev.entrepot.accounts;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Registry;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;

/** Pushes what a test needs; it fails when the registry refuses. */
record Push(Registry registry, String authorization) {
  static Push as(Login login, Registry registry) {
    return new Push(registry, login.basic());
  }

  /** Pushes an image under each tag. */
  Image image(String repository, Image image, String... tags) {
    List<Blob> blobs = new ArrayList<>(image.layers());
    blobs.add(image.config());
    for (Blob blob : blobs) {
      request()
          .contentType(MediaTypes.OCTET_STREAM)
          .body(blob.bytes())
          .post("/v2/" + repository + "/blobs/uploads/?digest=" + blob.digest())
          .then()
          .statusCode(201);
    }
    for (String tag : tags) {
      request()
          .contentType(image.manifest().mediaType())
          .body(image.manifest().bytes())
          .put("/v2/" + repository + "/manifests/" + tag)
          .then()
          .statusCode(201);
    }
    return image;
  }

  private RequestSpecification request() {
    return registry.request().header("Authorization", authorization);
  }
}
