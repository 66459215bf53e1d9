package dev.entrepot.storage.s3;

import dev.entrepot.storage.testkit.s3.S3Server;

class S3OnMinioIT extends S3Contract {
  S3OnMinioIT() {
    super(S3Server.Kind.MINIO);
  }
}
