package dev.entrepot.storage.s3;

import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import io.minio.BaseS3Client;
import io.minio.GetObjectArgs;
import io.minio.HeadObjectArgs;
import io.minio.HeadObjectResponse;
import io.minio.Http;
import io.minio.ServerSideEncryption;
import io.minio.credentials.Credentials;
import io.minio.credentials.Provider;
import io.minio.errors.MinioException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's requests, and those it has not or has in another way: objects and parts are sent from
 * our buffers, with one hash and not two (docs/decisions).
 */
final class S3Requests extends BaseS3Client {
  private final String bucket;
  private final @Nullable ServerSideEncryption encryption;

  S3Requests(
      Http.BaseUrl url,
      Provider provider,
      OkHttpClient httpClient,
      String bucket,
      @Nullable ServerSideEncryption encryption) {
    super(url, provider, httpClient, false);
    this.bucket = bucket;
    this.encryption = encryption;
    setAppInfo("entrepot", "1");
  }

  /** For requests that bring new objects. */
  Http.Headers encryptionHeaders() {
    return encryption == null ? new Http.Headers() : new Http.Headers(encryption.headers());
  }

  /** For requests about objects that are encrypted with our own key. */
  ServerSideEncryption.@Nullable CustomerKey ownKey() {
    return encryption instanceof ServerSideEncryption.CustomerKey key ? key : null;
  }

  /**
   * Stores an object.
   *
   * @param onlyNew fails when there is one at the key
   */
  CompletableFuture<String> put(String key, PartBuffer bytes, String sha256, boolean onlyNew) {
    return send(key, newObject(onlyNew), null, body(bytes, sha256));
  }

  CompletableFuture<String> put(String key, byte[] bytes, boolean onlyNew) {
    String sha256 = Digest.ofContent(DigestAlgorithm.SHA256, bytes).hex();
    Http.Body body = new Http.Body(bytes, bytes.length, Http.DEFAULT_MEDIA_TYPE, sha256, null);
    return send(key, newObject(onlyNew), null, body);
  }

  private Http.Headers newObject(boolean onlyNew) {
    Http.Headers headers = encryptionHeaders();
    if (onlyNew) {
      headers.put("If-None-Match", "*");
    }
    return headers;
  }

  /** Stores a part of an upload; its ETag. */
  CompletableFuture<String> putPart(
      String key, String uploadId, int number, PartBuffer bytes, String sha256) {
    var query =
        new Http.QueryParameters("partNumber", String.valueOf(number), "uploadId", uploadId);
    return send(key, withOwnKey(new Http.Headers()), query, body(bytes, sha256));
  }

  private static Http.Body body(PartBuffer bytes, String sha256) {
    try {
      return new Http.Body(bytes, Http.DEFAULT_MEDIA_TYPE, sha256, null);
    } catch (MinioException e) {
      throw new IllegalStateException("only texts are written in another way", e);
    }
  }

  private CompletableFuture<String> send(
      String key, Http.Headers headers, Http.@Nullable QueryParameters query, Http.Body body) {
    return executePutAsync(target(key), headers, query, body)
        .thenApply(
            response -> {
              try (response) {
                return String.valueOf(response.header("ETag")).replace("\"", "");
              }
            });
  }

  CompletableFuture<Response> get(String key, ByteRange range) {
    Http.Headers headers = new Http.Headers();
    headers.put("Range", "bytes=" + range.offset() + "-" + range.last());
    return executeGetAsync(target(key), withOwnKey(headers), null);
  }

  CompletableFuture<HeadObjectResponse> head(String key) {
    HeadObjectArgs.Builder args = HeadObjectArgs.builder().bucket(bucket).object(key);
    return headObject(args.ssec(ownKey()).build());
  }

  CompletableFuture<Response> delete(String key) {
    return executeDeleteAsync(target(key), null, null);
  }

  /** A signed URL that answers with the object, and with these headers. */
  String presign(String key, int seconds, Map<String, String> answer) throws MinioException {
    Credentials credentials = provider.fetch();
    Map<String, String> query = new HashMap<>(answer);
    if (credentials.sessionToken() != null) {
      query.put(Http.Headers.X_AMZ_SECURITY_TOKEN, credentials.sessionToken());
    }
    return Http.S3Request.builder()
        .userAgent(userAgent)
        .method(Http.Method.GET)
        .args(target(key))
        .queryParams(new Http.QueryParameters(query))
        .build()
        .toPresignedRequest(baseUrl, baseUrl.region(), credentials, seconds)
        .httpRequest()
        .url()
        .toString();
  }

  private Http.Headers withOwnKey(Http.Headers headers) {
    return ownKey() == null ? headers : Http.Headers.merge(headers, encryptionHeaders());
  }

  /** The SDK's arguments where only the object matters. */
  private GetObjectArgs target(String key) {
    return GetObjectArgs.builder().bucket(bucket).object(key).build();
  }
}
