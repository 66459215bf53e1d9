package dev.entrepot.storage.s3;

import dev.entrepot.storage.testkit.s3.S3Server;

class S3OnVersitygwIT extends S3Contract {
  S3OnVersitygwIT() {
    super(S3Server.Kind.VERSITYGW);
  }
}
