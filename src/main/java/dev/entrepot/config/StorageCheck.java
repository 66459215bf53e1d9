package dev.entrepot.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds settings of the store of blobs that cannot work. */
final class StorageCheck {
  private static final long SMALLEST_PART = 5 << 20;
  private static final long LARGEST_BUDGET = 1 << 30;
  private static final Duration SHORTEST_URL_LIFE = Duration.ofSeconds(1);
  // The most that a store takes.
  private static final Duration LONGEST_URL_LIFE = Duration.ofDays(7);
  private static final String NOT_WITH_OWN_KEY =
      "clients cannot be sent to bytes that nobody reads without the key of encryption.type"
          + " customer. Remove this setting, or have the store encrypt with s3 or kms";

  private final List<String> faults;
  private final String prefix;

  private StorageCheck(List<String> faults, String prefix) {
    this.faults = faults;
    this.prefix = prefix;
  }

  static void check(StorageConfig storage, List<String> faults) {
    if (storage.type() == StorageConfig.Type.S3) {
      new StorageCheck(faults, "entrepot.storage.s3.").check(storage.s3());
    }
    redirect(storage, faults);
    PreviousStorageConfig previous = storage.previous();
    if (previous.type().equals(Optional.of(StorageConfig.Type.S3))) {
      new StorageCheck(faults, "entrepot.storage.previous.s3.").check(previous.s3());
    }
    if (previous.type().equals(Optional.of(StorageConfig.Type.FILESYSTEM))
        && storage.type() == StorageConfig.Type.FILESYSTEM
        && previous.directory().isEmpty()) {
      faults.add(
          "entrepot.storage.previous.directory: must be set, since the store is in the data"
              + " directory as well");
    }
    ReplicaStorageConfig replica = storage.replica();
    if (replica.type().equals(Optional.of(StorageConfig.Type.S3))) {
      new StorageCheck(faults, "entrepot.storage.replica.s3.").check(replica.s3());
    }
    if (replica.type().equals(Optional.of(StorageConfig.Type.FILESYSTEM))
        && replica.directory().filter(Files::isDirectory).isEmpty()) {
      faults.add("entrepot.storage.replica.directory: must be a directory that is there");
    }
  }

  private static void redirect(StorageConfig storage, List<String> faults) {
    Duration life = storage.redirect().urlLife();
    if (life.compareTo(SHORTEST_URL_LIFE) < 0 || life.compareTo(LONGEST_URL_LIFE) > 0) {
      faults.add("entrepot.storage.redirect.url-life: must be between 1s and 7 days");
    }
    if (storage.type() == StorageConfig.Type.S3
        && hasOwnKey(storage.s3())
        && storage.redirect().cdn().type().isPresent()) {
      faults.add("entrepot.storage.redirect.cdn.type: " + NOT_WITH_OWN_KEY);
    }
  }

  private static boolean hasOwnKey(S3Config s3) {
    return s3.encryption().type() == S3EncryptionConfig.Type.CUSTOMER;
  }

  private void check(S3Config s3) {
    require(s3.endpoint().isPresent(), "endpoint: must be set where the type is s3");
    url("endpoint", s3.endpoint());
    url("public-endpoint", s3.publicEndpoint());
    url("web-identity.endpoint", s3.webIdentity().endpoint());
    require(
        s3.bucket().filter(name -> name.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")).isPresent(),
        "bucket: must be set, 3 to 63 of a-z, 0-9, dots and dashes");
    require(
        s3.accessKey().isPresent() == s3.secretKey().isPresent(),
        "access-key and " + prefix + "secret-key: set both, or neither");
    readable("ca", s3.ca());
    readable("web-identity.token-file", s3.webIdentity().tokenFile());
    encryption(s3);
    transfer(s3.transfer());
  }

  private void url(String name, Optional<String> url) {
    require(
        url.filter(value -> !value.matches("https?://[A-Za-z0-9._:\\[\\]-]+/?")).isEmpty(),
        name + ": must be like https://s3.example.com, without a path");
  }

  private void readable(String name, Optional<Path> file) {
    file.ifPresent(path -> require(Files.isReadable(path), name + ": " + path + " is unreadable"));
  }

  private void encryption(S3Config s3) {
    S3EncryptionConfig encryption = s3.encryption();
    require(
        encryption.keyId().isPresent() == (encryption.type() == S3EncryptionConfig.Type.KMS),
        "encryption.key-id: set it with type kms, and only then");
    boolean customer = hasOwnKey(s3);
    require(
        encryption.keyFile().isPresent() == customer,
        "encryption.key-file: set it with type customer, and only then");
    require(
        !customer || s3.endpoint().filter(url -> url.startsWith("https:")).isPresent(),
        "encryption.type: customer needs an endpoint with https");
    require(!customer || s3.publicEndpoint().isEmpty(), "public-endpoint: " + NOT_WITH_OWN_KEY);
    readable("encryption.key-file", encryption.keyFile());
  }

  private void transfer(S3TransferConfig transfer) {
    long part = transfer.partSize().asLongValue();
    long budget = transfer.bufferBudget().asLongValue();
    require(part >= SMALLEST_PART, "transfer.part-size: must be 5M or more");
    require(
        budget >= 2 * part && budget <= LARGEST_BUDGET,
        "transfer.buffer-budget: must be two parts at least, and 1G at most");
    require(transfer.maxConnections() > 0, "transfer.max-connections: must be more than 0");
    require(transfer.maxAttempts() > 0, "transfer.max-attempts: must be more than 0");
    require(transfer.parallelParts() > 0, "transfer.parallel-parts: must be more than 0");
    require(transfer.timeout().isPositive(), "transfer.timeout: must be more than 0");
    require(
        transfer.connectTimeout().isPositive(), "transfer.connect-timeout: must be more than 0");
  }

  private void require(boolean condition, String fault) {
    if (!condition) {
      faults.add(prefix + fault);
    }
  }
}
