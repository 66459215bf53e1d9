package dev.entrepot.upload;

import dev.entrepot.database.Instance;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.DigestAlgorithm;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and reads the ids of uploads, {@code <uuid>.<algorithm>.<mac>}. They are signed, so a start
 * leaves nothing behind in the server, and nobody can go on with an upload in another repository.
 */
@Singleton
class UploadIds {
  private static final int MAC_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec key;

  @Inject
  UploadIds(Instance instance) {
    this(instance.uploadKey());
  }

  UploadIds(byte[] key) {
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  UploadId next(RepositoryName repository, DigestAlgorithm algorithm) {
    return new UploadId(newUuid(), repository, algorithm);
  }

  String format(UploadId id) {
    return id.uuid() + "." + id.algorithm().label() + "." + mac(id);
  }

  /**
   * Reads an id from a path.
   *
   * @throws RegistryException BLOB_UPLOAD_UNKNOWN when it was not made here for this repository
   */
  UploadId parse(String text, RepositoryName repository) {
    String[] parts = text.split("\\.", 4);
    if (parts.length == 3) {
      try {
        UUID uuid = UUID.fromString(parts[0]);
        DigestAlgorithm algorithm = DigestAlgorithm.find(parts[1]).orElse(null);
        if (algorithm != null && uuid.toString().equals(parts[0])) {
          UploadId id = new UploadId(uuid, repository, algorithm);
          if (MessageDigest.isEqual(bytes(mac(id)), bytes(parts[2]))) {
            return id;
          }
        }
      } catch (IllegalArgumentException e) {
        // not a UUID: unknown like any other that was not made here
      }
    }
    throw new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN);
  }

  private String mac(UploadId id) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] full =
          mac.doFinal(bytes(id.uuid() + "." + id.algorithm().label() + "." + id.repository()));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(full, MAC_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** RFC 9562, version 7: 48 bits of Unix milliseconds, then random bits. */
  private static UUID newUuid() {
    long time = System.currentTimeMillis();
    long high = time << 16 | 0x7000 | RANDOM.nextInt(0x1000);
    long low = RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
