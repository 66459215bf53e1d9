package dev.entrepot.error;

/**
 * The one table of error codes of the registry API: distribution-spec, "Error Codes", and the codes
 * that clients know beside it. {@code docs/api/errors.md} is generated from it.
 */
public enum ErrorCode {
  BLOB_UNKNOWN(
      404,
      "blob unknown to the repository",
      "The repository does not hold a blob with this digest. It may exist in another repository:"
          + " mount it from there or push it."),
  BLOB_UPLOAD_INVALID(
      400,
      "blob upload invalid",
      "The upload cannot go on as asked: a body shorter than declared, or a malformed range."),
  BLOB_UPLOAD_UNKNOWN(
      404,
      "blob upload unknown",
      "There is no such upload in this repository: it was never started, was completed or cancelled,"
          + " or has expired. Start again with POST."),
  DIGEST_INVALID(
      400,
      "digest invalid",
      "The digest is malformed, of an unsupported algorithm, or is not that of the content."),
  MANIFEST_BLOB_UNKNOWN(
      404,
      "manifest references content that the repository does not hold",
      "Push the blobs and child manifests named in detail first, then the manifest."),
  MANIFEST_INVALID(
      400,
      "manifest invalid",
      "The manifest is not JSON of a known media type, or contradicts itself or its headers."),
  MANIFEST_UNKNOWN(
      404,
      "manifest unknown to the repository",
      "The repository has no such tag, or no manifest with this digest."),
  NAME_INVALID(
      400,
      "repository name invalid",
      "A name is lower-case components of letters and digits, joined inside by '.', '_', '__' or"
          + " dashes, separated by '/', 255 characters at most."),
  NAME_UNKNOWN(404, "repository name unknown", "There is no repository with this name."),
  PAGINATION_NUMBER_INVALID(
      400, "page size invalid", "The parameter n must be a number, zero or more."),
  RANGE_INVALID(
      416,
      "range not satisfiable",
      "The range does not start where the upload stands (its Range header tells where), or lies"
          + " outside the blob (Content-Range tells its size)."),
  SIZE_INVALID(
      400, "size invalid", "The number of bytes is not the one that was declared for them."),
  TAG_INVALID(
      400,
      "tag invalid",
      "A tag is 1 to 128 letters, digits, '_', '.' and '-', and does not start with '.' or '-'."),
  UNAUTHORIZED(401, "authentication required", "Log in, or send a token that allows this."),
  DENIED(
      403,
      "access denied",
      "The identity is known, and is not allowed to do this; or a quota has no room for it, or a tag"
          + " may not change. The message says which, and detail has the numbers or the rule."),
  UNSUPPORTED(
      405, "operation unsupported", "This registry does not do this here; the message says why."),
  METHOD_NOT_ALLOWED(
      405, "UNSUPPORTED", "method not allowed", "The Allow header lists the methods of this path."),
  NOT_FOUND(404, "NAME_UNKNOWN", "no such path", "The path is none of the registry API."),
  PRECONDITION_FAILED(
      412,
      "PRECONDITION_FAILED",
      "precondition failed",
      "If-Match or If-None-Match does not hold: the tag points elsewhere by now. Read it again."),
  MANIFEST_TOO_LARGE(
      413,
      "MANIFEST_INVALID",
      "manifest too large",
      "Manifests are limited in size; detail names the limit in bytes."),
  BLOB_TOO_LARGE(
      413,
      "SIZE_INVALID",
      "blob too large",
      "This server limits the size of a blob; detail names the limit in bytes."),
  REQUEST_TIMEOUT(
      408,
      "BLOB_UPLOAD_INVALID",
      "body too slow",
      "The body came slower than the least rate. Ask for the upload's status and go on from"
          + " there: what a PATCH brought is kept, what a closing PUT brought is not."),
  HEADER_INVALID(400, "UNSUPPORTED", "request malformed", "A header or parameter is malformed."),
  TOO_MANY_REQUESTS(
      429, "TOOMANYREQUESTS", "too many requests", "Wait as long as Retry-After says."),
  INTERNAL_ERROR(
      500,
      "UNKNOWN",
      "internal error",
      "A fault of the server. Its log has the details under the request id that detail names."),
  UNAVAILABLE(
      503,
      "UNAVAILABLE",
      "temporarily unavailable",
      "The database or the store does not answer now. Nothing was lost; try again after"
          + " Retry-After.");

  private final int status;
  private final String code;
  private final String message;
  private final String documentation;

  ErrorCode(int status, String message, String documentation) {
    this.status = status;
    this.code = name();
    this.message = message;
    this.documentation = documentation;
  }

  ErrorCode(int status, String code, String message, String documentation) {
    this.status = status;
    this.code = code;
    this.message = message;
    this.documentation = documentation;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The code as it stands in the answer. */
  public String code() {
    return code;
  }

  /** The general message; an exception may say it more exactly. */
  public String message() {
    return message;
  }

  /** What it means and what to do, for the documentation. */
  public String documentation() {
    return documentation;
  }
}
