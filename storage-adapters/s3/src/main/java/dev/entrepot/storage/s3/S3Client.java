package dev.entrepot.storage.s3;

import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import io.minio.AbortMultipartUploadArgs;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.HeadBucketArgs;
import io.minio.HeadObjectResponse;
import io.minio.ListObjectsV2Args;
import io.minio.credentials.Provider;
import io.minio.errors.MinioException;
import io.minio.messages.Contents;
import io.minio.messages.ListBucketResultV2;
import io.minio.messages.Part;
import java.io.IOException;
import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What the store is asked for, with retries, and errors that say which store and why. */
final class S3Client {
  private final S3Requests requests;
  private final S3Requests completing;
  private final Optional<S3Requests> presigning;
  private final Retries retries;
  private final String bucket;
  private final String where;

  S3Client(S3Settings settings, OkHttpClient http) {
    Provider credentials = S3Http.credentials(settings.credentials(), http);
    this.requests = S3Http.requests(settings, settings.endpoint(), credentials, http);
    // With more patience: some stores copy all parts then.
    this.completing =
        S3Http.requests(settings, settings.endpoint(), credentials, S3Http.patient(http));
    this.presigning = S3Http.presigning(settings, credentials, http);
    // What closed one idle connection has closed the others, too; each would cost an attempt.
    this.retries = new Retries(settings.limits().attempts(), http.connectionPool()::evictAll);
    this.bucket = settings.bucket();
    this.where = " in bucket " + bucket + " at " + settings.endpoint();
  }

  /** What is at a key; empty when nothing is. */
  Optional<StoredBlob> stat(StorageKey key) {
    // Lists have milliseconds, and this has seconds.
    return head(key.value())
        .map(
            found ->
                new StoredBlob(
                    key,
                    found.size(),
                    found.lastModified().toInstant().truncatedTo(ChronoUnit.SECONDS)));
  }

  /** The size of what is at a key; empty when nothing is. */
  Optional<Long> size(String key) {
    return head(key).map(HeadObjectResponse::size);
  }

  private Optional<HeadObjectResponse> head(String key) {
    try {
      return Optional.of(retries.ask("cannot look up " + key + where, () -> requests.head(key)));
    } catch (FailedRequest e) {
      requireBucket();
      return Optional.empty();
    }
  }

  /**
   * What was stored, after a request that should have done so; a store that shows less than it has
   * acknowledged is not believed.
   *
   * @param doubt why it may not have been stored
   * @throws StorageException.OutcomeUnknown when it is not there with that size
   */
  StoredBlob requireStored(
      StorageKey key, long size, StorageException.@Nullable OutcomeUnknown doubt) {
    try {
      Optional<StoredBlob> found = stat(key);
      if (found.isPresent() && found.get().size() == size) {
        return found.get();
      }
    } catch (StorageException e) {
      throw doubt != null
          ? doubt
          : new StorageException.OutcomeUnknown(key + " was stored and cannot be seen" + where, e);
    }
    throw doubt != null
        ? doubt
        : new StorageException.OutcomeUnknown(key + " was stored and is not there" + where, null);
  }

  /** A HEAD of an object says nothing about its bucket: without this, all blobs would be lost. */
  private void requireBucket() {
    String what = "cannot use bucket " + bucket;
    try {
      var args = HeadBucketArgs.builder().bucket(bucket).build();
      retries.ask(what, () -> requests.headBucket(args));
    } catch (FailedRequest e) {
      throw new StorageException.Unavailable("there is no such bucket" + where, e);
    }
  }

  /**
   * Opens bytes of an object, at least one.
   *
   * @throws FailedRequest ABSENT, or RANGE when it ends before the range starts
   */
  Response get(String key, ByteRange range) {
    return retries.ask("cannot read " + key + where, () -> requests.get(key, range));
  }

  /**
   * Stores a blob. When it is there already by an earlier attempt, this is no error: the caller
   * looks what is there.
   *
   * @param onlyNew nothing is overwritten
   */
  void put(StorageKey key, PartBuffer bytes, boolean onlyNew) {
    String what = "cannot store " + key + where;
    String sha256 = bytes.digest(DigestAlgorithm.SHA256).hex();
    try {
      retries.change(what, () -> requests.put(key.value(), bytes, sha256, onlyNew));
    } catch (FailedRequest e) {
      requireTaken(what, e);
    }
  }

  /** Stores other bytes than a blob's, which may be there or not when this fails. */
  void putSide(String key, PartBuffer bytes) {
    String sha256 = bytes.digest(DigestAlgorithm.SHA256).hex();
    putSide(key, () -> requests.put(key, bytes, sha256, false));
  }

  /** The same for a short text, which needs no shared memory. */
  void putSide(String key, byte[] text, boolean onlyNew) {
    putSide(key, () -> requests.put(key, text, onlyNew));
  }

  private void putSide(String key, Supplier<CompletableFuture<String>> request) {
    String what = "cannot store " + key + where;
    try {
      retries.ask(what, request);
    } catch (FailedRequest e) {
      requireTaken(what, e);
    }
  }

  private static void requireTaken(String what, FailedRequest failure) {
    if (failure.kind() != S3Failure.Kind.TAKEN) {
      throw new StorageException.Unavailable(what + ": " + failure.getMessage(), failure);
    }
  }

  /** Starts an upload in parts; its id. */
  String startMultipart(StorageKey key) {
    var args = CreateMultipartUploadArgs.builder().bucket(bucket).object(key.value());
    String what = "cannot start " + key + where;
    try {
      return retries
          .ask(
              what,
              () ->
                  requests.createMultipartUpload(
                      args.headers(requests.encryptionHeaders()).build()))
          .result()
          .uploadId();
    } catch (FailedRequest e) {
      throw new StorageException.Unavailable(what, e);
    }
  }

  /**
   * Stores a part; its ETag.
   *
   * @throws StorageException.NotFound when there is no such upload
   */
  String putPart(StorageKey key, String uploadId, int number, PartBuffer bytes) {
    Digest sha256 = bytes.digest(DigestAlgorithm.SHA256);
    try {
      return retries.ask(
          "cannot store part " + number + " of " + key + where,
          () -> requests.putPart(key.value(), uploadId, number, bytes, sha256.hex()));
    } catch (FailedRequest e) {
      throw new StorageException.NotFound("the upload to " + key);
    }
  }

  /** Makes parts an object. @throws FailedRequest when there is no such upload, or not any more */
  void completeMultipart(StorageKey key, String uploadId, List<Part> parts) {
    var args =
        CompleteMultipartUploadArgs.builder()
            .bucket(bucket)
            .object(key.value())
            .uploadId(uploadId)
            .parts(parts.toArray(Part[]::new))
            .ssec(requests.ownKey())
            .maxRetries(1)
            .build();
    retries.change(
        "cannot complete " + key + where, () -> completing.completeMultipartUpload(args));
  }

  /** Drops an upload in parts. Does nothing when there is none. */
  void abortMultipart(String key, String uploadId) {
    var args =
        AbortMultipartUploadArgs.builder().bucket(bucket).object(key).uploadId(uploadId).build();
    try {
      retries.ask("cannot drop " + key + where, () -> requests.abortMultipartUpload(args));
    } catch (FailedRequest e) {
      // It is gone.
    }
  }

  /** Deletes an object. Does nothing when there is none. */
  void delete(String key) {
    try {
      retries.change("cannot delete " + key + where, () -> requests.delete(key));
    } catch (FailedRequest e) {
      // It is gone.
    }
  }

  /** Objects whose keys start so, after a key, in the order of their keys. */
  List<Contents> list(String prefix, @Nullable String after, int limit) {
    var args = ListObjectsV2Args.builder().bucket(bucket).prefix(prefix).maxKeys(limit);
    if (after != null) {
      args.startAfter(after);
    }
    return list(args.build()).contents();
  }

  /** What comes next in keys that start so, up to a slash; in pages, as they are needed. */
  Stream<String> folders(String prefix, int pageSize) {
    return Stream.iterate(
            folders(prefix, pageSize, null),
            Objects::nonNull,
            page ->
                page.isTruncated() ? folders(prefix, pageSize, page.nextContinuationToken()) : null)
        .flatMap(page -> page.commonPrefixes().stream())
        .map(folder -> folder.toItem().objectName())
        .map(key -> key.substring(prefix.length(), key.length() - 1));
  }

  private ListBucketResultV2 folders(String prefix, int pageSize, @Nullable String token) {
    var args = ListObjectsV2Args.builder().bucket(bucket).prefix(prefix).maxKeys(pageSize);
    args.delimiter("/");
    if (token != null) {
      args.continuationToken(token);
    }
    return list(args.build());
  }

  private ListBucketResultV2 list(ListObjectsV2Args args) {
    String what = "cannot list objects" + where;
    try {
      return retries.ask(what, () -> requests.listObjectsV2(args)).result();
    } catch (FailedRequest e) {
      throw new StorageException.Unavailable(what + ": " + e.getMessage(), e);
    }
  }

  /** An object, or its first bytes, into memory; empty when there is none. */
  Optional<byte[]> read(String key, int limit) {
    try (Response response = get(key, new ByteRange(0, limit))) {
      return Optional.of(response.body().bytes());
    } catch (FailedRequest e) {
      return e.kind() == S3Failure.Kind.RANGE ? Optional.of(new byte[0]) : Optional.empty();
    } catch (IOException e) {
      throw new StorageException.Unavailable("cannot read " + key + where, e);
    }
  }

  Optional<URI> presign(StorageKey key, PresignedRead read) {
    if (presigning.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> answer = new java.util.HashMap<>();
    answer.put("response-content-type", read.contentType());
    read.fileName()
        .map(name -> "attachment; filename=\"" + name.replaceAll("[\"\\\\]", "\\\\$0") + "\"")
        .ifPresent(disposition -> answer.put("response-content-disposition", disposition));
    try {
      String url =
          presigning.get().presign(key.value(), Math.toIntExact(read.ttl().toSeconds()), answer);
      return Optional.of(URI.create(url));
    } catch (MinioException | RuntimeException e) {
      throw S3Failure.of(e).unavailable("cannot sign a URL" + where);
    }
  }
}
