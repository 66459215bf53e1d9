package dev.entrepot.store;

import dev.entrepot.config.AdoptS3Config;
import dev.entrepot.config.S3Config;
import dev.entrepot.config.S3EncryptionConfig;
import dev.entrepot.config.S3TransferConfig;
import dev.entrepot.config.S3WebIdentityConfig;
import dev.entrepot.error.StartupException;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.s3.S3BlobStore;
import dev.entrepot.storage.s3.S3Credentials;
import dev.entrepot.storage.s3.S3Encryption;
import dev.entrepot.storage.s3.S3Limits;
import dev.entrepot.storage.s3.S3Settings;
import dev.entrepot.storage.s3.S3Tree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Opens object stores. Apart, so that a server without one loads none of their classes. */
final class ObjectStores {
  private ObjectStores() {}

  /**
   * Opens the bucket that the settings name; they were checked before.
   *
   * @throws StartupException when it cannot be used, with the reason
   */
  static BlobStore open(S3Config config) {
    try {
      return S3BlobStore.open(settings(config));
    } catch (StorageException.Unavailable e) {
      throw new StartupException(
          "The object store cannot be used: "
              + e.getMessage()
              + ". Check the settings entrepot.storage.s3.",
          e);
    }
  }

  /**
   * Another bucket, to read what another program has put there.
   *
   * @param own where the settings are that are not of a bucket: web identity, connections
   * @throws StartupException when the settings cannot work; they were not checked before
   */
  static S3Tree openTree(AdoptS3Config config, String bucket, S3Config own) {
    if (config.endpoint().isEmpty()) {
      throw new StartupException("entrepot.adopt.s3.endpoint: must be set, to read from a bucket");
    }
    if (config.accessKey().isPresent() != config.secretKey().isPresent()) {
      throw new StartupException(
          "entrepot.adopt.s3.access-key and entrepot.adopt.s3.secret-key: set both, or neither");
    }
    try {
      URI endpoint = URI.create(config.endpoint().get());
      return new S3Tree(
          new S3Settings(
              endpoint,
              config.region(),
              bucket,
              credentials(config.accessKey(), config.secretKey(), own.webIdentity(), endpoint),
              config.pathStyle(),
              Optional.empty(),
              config.ca(),
              new S3Encryption.Default(),
              limits(own.transfer())));
    } catch (IllegalArgumentException | StorageException.Unavailable e) {
      throw new StartupException(
          "The bucket cannot be used: "
              + e.getMessage()
              + ". Check the settings entrepot.adopt.s3.",
          e);
    }
  }

  private static S3Settings settings(S3Config config) {
    URI endpoint = URI.create(config.endpoint().orElseThrow());
    return new S3Settings(
        endpoint,
        config.region(),
        config.bucket().orElseThrow(),
        credentials(config.accessKey(), config.secretKey(), config.webIdentity(), endpoint),
        config.pathStyle(),
        config.publicEndpoint().map(URI::create),
        config.ca(),
        encryption(config.encryption()),
        limits(config.transfer()));
  }

  private static S3Credentials credentials(
      Optional<String> accessKey,
      Optional<String> secretKey,
      S3WebIdentityConfig identity,
      URI endpoint) {
    if (accessKey.isPresent()) {
      return new S3Credentials.Keys(accessKey.get(), secretKey.orElseThrow());
    }
    return identity.tokenFile().isPresent()
        ? new S3Credentials.WebIdentity(
            identity.endpoint().map(URI::create).orElse(endpoint),
            identity.tokenFile().get(),
            identity.role())
        : new S3Credentials.Environment();
  }

  private static S3Encryption encryption(S3EncryptionConfig config) {
    return switch (config.type()) {
      case BUCKET -> new S3Encryption.Default();
      case S3 -> new S3Encryption.StoreKeys();
      case KMS -> new S3Encryption.ManagedKey(config.keyId().orElseThrow());
      case CUSTOMER -> new S3Encryption.OwnKey(key(config.keyFile().orElseThrow()));
    };
  }

  private static byte[] key(Path file) {
    try {
      byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
      if (key.length == 32) {
        return key;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw noKey(file);
    }
    throw noKey(file);
  }

  private static StartupException noKey(Path file) {
    return new StartupException(
        "entrepot.storage.s3.encryption.key-file: " + file + " is not 32 bytes in base64");
  }

  private static S3Limits limits(S3TransferConfig config) {
    return new S3Limits(
        config.maxConnections(),
        config.connectTimeout(),
        config.timeout(),
        config.maxAttempts(),
        Math.toIntExact(config.partSize().asLongValue()),
        config.parallelParts(),
        Math.toIntExact(config.bufferBudget().asLongValue()),
        config.bufferWait());
  }
}
