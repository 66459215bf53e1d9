package dev.entrepot.storage.s3;

/** How the store encrypts what it keeps; it decrypts without being told, but for own keys. */
public sealed interface S3Encryption {
  /** As the bucket is set. */
  record Default() implements S3Encryption {}

  /** SSE-S3: with keys of the store's own. */
  record StoreKeys() implements S3Encryption {}

  /** SSE-KMS: with a key of its key management. */
  record ManagedKey(String keyId) implements S3Encryption {}

  /** SSE-C: with 256 bits that go along with every request, over TLS; no URLs can be presigned. */
  record OwnKey(byte[] key) implements S3Encryption {
    @Override
    public String toString() {
      return "OwnKey";
    }
  }
}
