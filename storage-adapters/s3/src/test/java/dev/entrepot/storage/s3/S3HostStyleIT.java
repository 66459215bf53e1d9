package dev.entrepot.storage.s3;

import dev.entrepot.storage.testkit.s3.S3Server;

/** The bucket is named in the host, in presigned URLs too; {@link LoopbackNames} finds it. */
class S3HostStyleIT extends S3Contract {
  private static final String DOMAIN = "s3.localhost";

  S3HostStyleIT() {
    super(S3Server.Kind.MINIO);
  }

  @Override
  S3Server.Builder settings(S3Server.Builder builder) {
    return builder.environment("MINIO_DOMAIN", DOMAIN);
  }

  @Override
  S3Settings settings(S3Server of, String in) {
    return Buckets.hostStyle(of.endpoint(DOMAIN), in);
  }
}
