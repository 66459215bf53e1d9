package dev.entrepot.storage.s3;

import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Buckets of the test servers, and the settings for them. */
final class Buckets {
  private Buckets() {}

  /** A new bucket: both servers take a directory for one. */
  static void make(S3Server server, String bucket) {
    try {
      Files.createDirectory(server.objects().resolve(bucket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static S3Settings settings(S3Server server, String bucket) {
    return encrypted(server, bucket, new S3Encryption.Default());
  }

  static S3Settings encrypted(S3Server server, String bucket, S3Encryption encryption) {
    return settings(
        server.endpoint(), bucket, true, server.authority(), encryption, S3Limits.DEFAULT);
  }

  static S3Settings settings(URI endpoint, String bucket, S3Limits limits) {
    return settings(endpoint, bucket, true, Optional.empty(), new S3Encryption.Default(), limits);
  }

  /** The bucket is named in the host. */
  static S3Settings hostStyle(URI endpoint, String bucket) {
    var encryption = new S3Encryption.Default();
    return settings(endpoint, bucket, false, Optional.empty(), encryption, S3Limits.DEFAULT);
  }

  static S3Settings settings(
      URI endpoint,
      String bucket,
      boolean pathStyle,
      Optional<Path> authority,
      S3Encryption encryption,
      S3Limits limits) {
    return new S3Settings(
        endpoint,
        S3Server.REGION,
        bucket,
        new S3Credentials.Keys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY),
        pathStyle,
        Optional.of(endpoint),
        authority,
        encryption,
        limits);
  }
}
