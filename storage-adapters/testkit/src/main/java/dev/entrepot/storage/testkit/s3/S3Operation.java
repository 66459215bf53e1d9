package dev.entrepot.storage.testkit.s3;

import java.util.function.Predicate;

/** What a request asks of an S3 store, told from its method, path and query (path style). */
public enum S3Operation implements Predicate<ProxiedRequest> {
  CREATE_MULTIPART,
  UPLOAD_PART,
  COMPLETE_MULTIPART,
  ABORT_MULTIPART,
  LIST_PARTS,
  LIST_MULTIPARTS,
  PUT_OBJECT,
  GET_OBJECT,
  HEAD_OBJECT,
  DELETE_OBJECT,
  LIST_OBJECTS,
  OTHER;

  @Override
  public boolean test(ProxiedRequest request) {
    return of(request) == this;
  }

  static S3Operation of(ProxiedRequest request) {
    return request.key().isEmpty() ? ofBucket(request) : ofObject(request);
  }

  private static S3Operation ofBucket(ProxiedRequest request) {
    if (!request.method().equals("GET") || request.hasParameter("location")) {
      return OTHER;
    }
    return request.hasParameter("uploads") ? LIST_MULTIPARTS : LIST_OBJECTS;
  }

  private static S3Operation ofObject(ProxiedRequest request) {
    boolean multipart = request.hasParameter("uploadId");
    return switch (request.method()) {
      case "GET" -> multipart ? LIST_PARTS : GET_OBJECT;
      case "HEAD" -> HEAD_OBJECT;
      case "PUT" -> multipart ? UPLOAD_PART : PUT_OBJECT;
      case "DELETE" -> multipart ? ABORT_MULTIPART : DELETE_OBJECT;
      case "POST" ->
          request.hasParameter("uploads")
              ? CREATE_MULTIPART
              : multipart ? COMPLETE_MULTIPART : OTHER;
      default -> OTHER;
    };
  }
}
