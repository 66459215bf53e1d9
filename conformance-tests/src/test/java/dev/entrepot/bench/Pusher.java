package dev.entrepot.bench;

import java.io.IOException;
import java.util.Map;

/** Pushes blobs and manifests into one repository over one connection. */
record Pusher(HttpConnection connection, String repository) {
  private static final Map<String, String> BYTES =
      Map.of("Content-Type", "application/octet-stream");
  private static final Map<String, String> MANIFEST = Map.of("Content-Type", Content.MANIFEST_TYPE);

  /** Pushes by POST and PUT, the two requests that most clients use; gives the digest. */
  String blob(byte[] bytes) throws IOException {
    String digest = Content.digest(bytes);
    blob(bytes, digest);
    return digest;
  }

  void blob(byte[] bytes, String digest) throws IOException {
    String location = startUpload();
    connection.send("PUT", closing(location, digest), BYTES, bytes).expect(201);
  }

  /** Pushes by a single POST, which not every registry takes. */
  void blobAtOnce(byte[] bytes) throws IOException {
    String path = "/v2/" + repository + "/blobs/uploads/?digest=" + Content.digest(bytes);
    connection.send("POST", path, BYTES, bytes).expect(201);
  }

  String startUpload() throws IOException {
    return connection
        .send("POST", "/v2/" + repository + "/blobs/uploads/", Map.of())
        .expect(202)
        .location();
  }

  void manifest(String reference, byte[] bytes) throws IOException {
    connection
        .send("PUT", "/v2/" + repository + "/manifests/" + reference, MANIFEST, bytes)
        .expect(201);
  }

  /** The URL that closes the upload; registries differ in whether theirs has a query already. */
  static String closing(String location, String digest) {
    return location + (location.contains("?") ? "&" : "?") + "digest=" + digest;
  }
}
