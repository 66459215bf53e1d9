package dev.entrepot.http;

import io.vertx.core.http.HttpHeaders;

/** Header names of the registry API beyond HTTP's own. */
public final class Headers {
  public static final CharSequence API_VERSION =
      HttpHeaders.createOptimized("Docker-Distribution-API-Version");
  public static final CharSequence API_VERSION_VALUE = HttpHeaders.createOptimized("registry/2.0");
  public static final CharSequence CONTENT_DIGEST =
      HttpHeaders.createOptimized("Docker-Content-Digest");
  public static final CharSequence UPLOAD_UUID = HttpHeaders.createOptimized("Docker-Upload-UUID");
  public static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");
  public static final CharSequence OCI_CHUNK_MIN_LENGTH =
      HttpHeaders.createOptimized("OCI-Chunk-Min-Length");
  public static final CharSequence OCI_SUBJECT = HttpHeaders.createOptimized("OCI-Subject");
  public static final CharSequence OCI_TAG = HttpHeaders.createOptimized("OCI-Tag");
  public static final CharSequence OCI_FILTERS_APPLIED =
      HttpHeaders.createOptimized("OCI-Filters-Applied");
  public static final CharSequence LINK = HttpHeaders.createOptimized("Link");
  public static final CharSequence RANGE = HttpHeaders.createOptimized("Range");
  public static final CharSequence IF_RANGE = HttpHeaders.createOptimized("If-Range");
  public static final CharSequence WARNING = HttpHeaders.createOptimized("Warning");
  public static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("X-Content-Type-Options");
  public static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
  public static final CharSequence OCTET_STREAM =
      HttpHeaders.createOptimized("application/octet-stream");

  private Headers() {}
}
