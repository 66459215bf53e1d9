package dev.entrepot.storage.s3;

import dev.entrepot.storage.testkit.s3.S3Server;
import dev.entrepot.storage.testkit.tls.IssuedCertificate;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The suite with a key that goes along with every request, by TLS of an authority of its own. */
@EnabledIfSystemProperty(
    named = "long-runs",
    matches = "true",
    disabledReason = "S3EncryptionIT has the most of it")
class S3OwnKeyIT extends S3Contract {
  S3OwnKeyIT() {
    super(S3Server.Kind.MINIO);
  }

  @Override
  S3Server.Builder settings(S3Server.Builder builder) {
    return builder.tls(IssuedCertificate.create("localhost"));
  }

  @Override
  S3Settings settings(S3Server of, String in) {
    return Buckets.encrypted(of, in, new S3Encryption.OwnKey(new byte[32]));
  }

  @Override
  protected boolean presigns() {
    return false;
  }
}
