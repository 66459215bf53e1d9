package dev.entrepot.tag;

import dev.entrepot.access.FounderGrants;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.blob.BlobIndex;
import dev.entrepot.blob.BlobLocation;
import dev.entrepot.blob.Published;
import dev.entrepot.blob.Revivals;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Database;
import dev.entrepot.event.Actor;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.manifest.ManifestDeletion;
import dev.entrepot.manifest.ManifestPush;
import dev.entrepot.manifest.ManifestService;
import dev.entrepot.manifest.Precondition;
import dev.entrepot.manifest.PushedManifest;
import dev.entrepot.oci.MediaTypes;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.quota.Usage;
import dev.entrepot.referrer.ReferrerService;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.tagrule.TagRuleService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The content core on a database, and what tests say of it in one line. */
public final class ContentCore {
  private static final AtomicLong KEYS = new AtomicLong();

  /** Who does whatever tests do here. */
  public static final Actor TESTER = actor("tester");

  public final Database database;
  public final RepositoryService repositories;
  public final Usage usage;
  public final BlobIndex blobs;
  public final ManifestService manifests;
  public final TagService tags;
  public final ReferrerService referrers;

  public final MeterRegistry metrics = new SimpleMeterRegistry();

  /** What was told, in order. */
  public final List<ContentEvent> events = new CopyOnWriteArrayList<>();

  public ContentCore(Database database) {
    this(database, TestConfig.defaults());
  }

  public ContentCore(Database database, EntrepotConfig config) {
    ContentEvents publisher = new ContentEvents(List.of(events::add));
    this.database = database;
    this.repositories = new RepositoryService(database, new FounderGrants(), metrics);
    this.usage = new Usage(database, config, metrics);
    Revivals revivals = new Revivals(metrics);
    this.blobs = new BlobIndex(database, repositories, usage, publisher, revivals);
    TagRuleService rules = new TagRuleService(database);
    this.manifests =
        new ManifestService(
            database, repositories, new TagRows(rules), publisher, revivals, config);
    this.tags = new TagService(database, repositories, rules, publisher, config);
    this.referrers = new ReferrerService(database, repositories, config);
  }

  /** A robot of this name. */
  public static Actor actor(String name) {
    return new Actor(
        new Subject(Subject.Kind.ROBOT, 1, name, "token:1", Limits.NONE), "192.0.2.1", "request-1");
  }

  public static RepositoryName name(String text) {
    return RepositoryName.tryParse(text).orElseThrow();
  }

  public static TagName tag(String text) {
    return TagName.tryParse(text).orElseThrow();
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static Digest digest(String content) {
    return Digest.ofContent(DigestAlgorithm.SHA256, bytes(content));
  }

  /** Bytes as a store would report them, under a key that was never used. */
  public static StoredBlob stored(String content) {
    String key = "blobs/sha256/" + digest(content).hex() + "." + KEYS.incrementAndGet();
    return new StoredBlob(new StorageKey(key), bytes(content).length, Instant.EPOCH);
  }

  /** Publishes a blob with this content. */
  public Digest pushBlob(RepositoryName repository, String content) {
    publish(repository, content);
    return digest(content);
  }

  public Published publish(RepositoryName repository, String content) {
    return publish(repository, content, location -> true);
  }

  /** Publishes it on a store of which {@code isThere} says what it still has. */
  public Published publish(
      RepositoryName repository, String content, Predicate<BlobLocation> isThere) {
    StoredBlob stored = stored(content);
    return database.transact(
        transaction ->
            blobs.publish(transaction, repository, TESTER, digest(content), stored, isThere));
  }

  /** Mounts a blob whose bytes the store has. */
  public boolean mount(RepositoryName to, RepositoryName from, Digest digest) {
    return blobs.mount(to, from, TESTER, digest, location -> true).isPresent();
  }

  /** An image of a config and layers with these contents, which need not be there. */
  public static String image(String config, String... layers) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
        .formatted(
            MediaTypes.OCI_MANIFEST,
            descriptor("application/vnd.oci.image.config.v1+json", config),
            Arrays.stream(layers)
                .map(layer -> descriptor("application/vnd.oci.image.layer.v1.tar", layer))
                .collect(Collectors.joining(",")));
  }

  /** An index of manifests with these contents. */
  public static String index(String... manifests) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(
            MediaTypes.OCI_INDEX,
            Arrays.stream(manifests)
                .map(manifest -> descriptor(MediaTypes.OCI_MANIFEST, manifest))
                .collect(Collectors.joining(",")));
  }

  public static String descriptor(String type, String content) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(type, digest(content), bytes(content).length);
  }

  /** Pushes an image with a config of its own, and that config. */
  public Digest pushImage(RepositoryName repository, String config, String... tags) {
    pushBlob(repository, config);
    return push(repository, image(config), tags).digest();
  }

  public PushedManifest push(RepositoryName repository, String content, String... tags) {
    return push(repository, content, Precondition.NONE, tags);
  }

  public PushedManifest push(
      RepositoryName repository, String content, Precondition precondition, String... tags) {
    List<TagName> names = Arrays.stream(tags).map(ContentCore::tag).toList();
    return manifests.push(
        new ManifestPush(
            repository, null, names, null, bytes(content), precondition, true, TESTER));
  }

  public void delete(RepositoryName repository, Digest manifest) {
    manifests.delete(new ManifestDeletion(repository, manifest, TESTER));
  }
}
