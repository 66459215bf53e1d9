package dev.entrepot.gc;

import static dev.entrepot.tag.ContentCore.TESTER;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.entrepot.blob.BlobLocation;
import dev.entrepot.blob.Published;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.storage.s3.S3BlobStore;
import dev.entrepot.storage.s3.S3Credentials;
import dev.entrepot.storage.s3.S3Encryption;
import dev.entrepot.storage.s3.S3Limits;
import dev.entrepot.storage.s3.S3Settings;
import dev.entrepot.storage.testkit.s3.S3Server;
import dev.entrepot.tag.AtOnce;
import dev.entrepot.tag.ContentCore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clean-up without any grace, in two servers at once and as fast as it goes, beside pushes of the
 * very digests that it is taking away. Deletions in the store come late. Whatever image was
 * acknowledged is there, byte for byte, until its owner deletes it.
 */
@Timeout(900)
class GcRaceIT {
  private static final int PUSHERS = 6;
  private static final int COLLECTORS = 2;
  private static final int LAYERS = 60;
  private static final int IMAGES_EACH = 2;
  private static final boolean IS_LONG = Boolean.getBoolean("long-runs");
  private static final int ENOUGH = IS_LONG ? 1000 : 200;
  private static final Duration MAX_PAUSE = Duration.ofMillis(10);
  private static final Duration SHORT = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path directory;
  private TestDatabase postgres;
  private LateDeletes deletes;
  private BlobStore store;
  private ContentCore core;
  private EntrepotConfig config;

  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger verified = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger recreated = new AtomicInteger();
  private final Set<Digest> stored = ConcurrentHashMap.newKeySet();

  private void open(BlobStore kept) {
    postgres = TestDatabase.open(24).withoutDeadlockDetection();
    deletes = new LateDeletes(kept);
    store = deletes.store();
    config =
        TestConfig.with(
            Map.of(
                "entrepot.gc.grace", "0s",
                "entrepot.gc.untagged-age", "0s",
                "entrepot.gc.batch-size", "150",
                "entrepot.upload.expiry", "1ms",
                "entrepot.trash.keep", "0s"));
    core = new ContentCore(postgres.database(), config);
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  @Test
  void whatIsAcknowledgedStaysOnAFileSystem() throws Exception {
    open(FilesystemBlobStore.open(directory));
    race();
  }

  @Test
  void whatIsAcknowledgedStaysInAnObjectStore() throws Exception {
    assumeTrue(S3Server.Kind.VERSITYGW.isInstalled(), "versitygw is not installed");
    try (S3Server server = S3Server.start(S3Server.Kind.VERSITYGW)) {
      open(
          S3BlobStore.open(
              new S3Settings(
                  server.endpoint(),
                  S3Server.REGION,
                  S3Server.BUCKET,
                  new S3Credentials.Keys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY),
                  true,
                  Optional.empty(),
                  Optional.empty(),
                  new S3Encryption.Default(),
                  S3Limits.DEFAULT)));
      race();
    }
  }

  private void race() throws Exception {
    long end = System.nanoTime() + (IS_LONG ? LONG : SHORT).toNanos();
    AtomicInteger pushing = new AtomicInteger(PUSHERS);
    AtOnce.atOnce(
        PUSHERS + COLLECTORS,
        thread -> {
          if (thread >= PUSHERS) {
            collect(pushing);
            return null;
          }
          try {
            while (System.nanoTime() < end || !enough()) {
              push(thread);
            }
          } finally {
            pushing.decrementAndGet();
          }
          return null;
        });
    System.out.printf(
        "acknowledged=%d verified=%d refused=%d condemned=%.0f revived=%.0f unlinked=%.0f"
            + " bytes=%.0f recreated=%d%n",
        acknowledged.get(),
        verified.get(),
        refused.get(),
        counted("entrepot.gc.condemned", "blob"),
        counted("entrepot.gc.revived", "blob"),
        counted("entrepot.gc.deleted", "blob"),
        counted("entrepot.gc.deleted", "bytes"),
        recreated.get());
    afterTheLastPushNothingIsLeftThatNobodyNeeds();
  }

  private boolean enough() {
    return counted("entrepot.gc.revived", "blob") >= ENOUGH
        && counted("entrepot.gc.deleted", "bytes") >= ENOUGH
        && recreated.get() >= ENOUGH;
  }

  private void collect(AtomicInteger pushing) {
    Collection collection = new Collection(core, store, config);
    while (pushing.get() > 0) {
      collection.run();
      // Without any grace a push gets through between two looks, or not at all.
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_PAUSE.toNanos()));
    }
  }

  /** Replaces images, and looks at those that stay. */
  private void push(int thread) throws IOException {
    Random random = new Random();
    List<Pushed> mine = new ArrayList<>();
    for (int i = 0; i < IMAGES_EACH; i++) {
      mine.add(pushImage(thread, i, random));
      for (Pushed image : mine) {
        verify(image);
      }
    }
    for (Pushed image : mine) {
      verify(image);
      core.tags.delete(image.repository(), tag(image.tag()), TESTER);
    }
  }

  /**
   * An image that was acknowledged.
   *
   * @param blobs their contents
   */
  private record Pushed(
      RepositoryName repository, String tag, Digest manifest, Set<String> blobs) {}

  /**
   * As a client: asks for each blob, brings it where it is missing, and begins again if need be.
   */
  private Pushed pushImage(int thread, int number, Random random) throws IOException {
    RepositoryName repository = name("race/r" + random.nextInt(2));
    RepositoryName other = name("race/r2");
    String config = "config " + random.nextInt(LAYERS);
    String layer = "layer " + random.nextInt(LAYERS);
    String tag = "t" + thread + "-" + number;
    while (true) {
      for (String blob : List.of(config, layer)) {
        if (!isThere(repository, blob) && !core.mount(repository, other, digest(blob))) {
          upload(random.nextInt(4) == 0 ? other : repository, blob);
        }
      }
      try {
        Digest manifest = core.push(repository, image(config, layer), tag).digest();
        acknowledged.incrementAndGet();
        return new Pushed(repository, tag, manifest, new HashSet<>(Set.of(config, layer)));
      } catch (RegistryException e) {
        assertEquals(ErrorCode.MANIFEST_BLOB_UNKNOWN, e.code());
        refused.incrementAndGet();
      }
    }
  }

  private boolean isThere(RepositoryName repository, String blob) {
    return core.repositories.find(repository).isPresent()
        && core.blobs
            .find(repository, digest(blob))
            .filter(location -> location.isIn(store))
            .isPresent();
  }

  private void upload(RepositoryName repository, String content) {
    StoredBlob bytes;
    try (BlobUpload upload = store.startUpload(UUID.randomUUID(), DigestAlgorithm.SHA256)) {
      upload.append(List.of(ByteBuffer.wrap(ContentCore.bytes(content))));
      bytes = upload.commit(digest(content));
    }
    Published published =
        core.database.transact(
            transaction ->
                core.blobs.publish(
                    transaction,
                    repository,
                    TESTER,
                    digest(content),
                    bytes,
                    location -> location.isIn(store)));
    if (published.redundant()) {
      deletes.now(bytes.key());
    } else if (!stored.add(digest(content))) {
      recreated.incrementAndGet();
    }
  }

  private void verify(Pushed image) throws IOException {
    String what = image.toString();
    assertEquals(
        Optional.of(image.manifest()), core.tags.find(image.repository(), tag(image.tag())), what);
    assertTrue(core.manifests.find(image.repository(), image.manifest()).isPresent(), what);
    for (String blob : image.blobs()) {
      BlobLocation location =
          core.blobs.find(image.repository(), digest(blob)).orElseThrow(AssertionError::new);
      try (BlobContent content = store.open(location.key(), new ByteRange(0, location.size()))) {
        assertArrayEquals(ContentCore.bytes(blob), content.stream().readAllBytes(), what);
      }
    }
    verified.incrementAndGet();
  }

  private void afterTheLastPushNothingIsLeftThatNobodyNeeds() {
    Collection collection = new Collection(core, store, config);
    await()
        .until(
            () -> {
              collection.run();
              return collection.blobs.page(null, 1).isEmpty();
            });
    deletes.finish();
    // A deletion whose outcome was unknown, and a push that came in between, leave bytes behind.
    collection.orphans.batch(null);
    assertEquals(List.of(), store.list(null, 100));
  }

  private double counted(String metric, String what) {
    return Collection.counted(core, metric, what);
  }
}
