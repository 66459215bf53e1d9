package dev.entrepot.crash;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What clients asked for and what was acknowledged: all that a registry must still know after a
 * crash, and all that it may know. Safe for use by several threads.
 */
public final class Ledger {
  /** Where something is: a repository and a digest. */
  record Key(String repository, String digest) {}

  /** Where a tag is. */
  record TagKey(String repository, String tag) {}

  enum State {
    /** Sent, without an acknowledgement: may be there or not. */
    ATTEMPTED,
    /** Must be there. */
    PRESENT,
    /** Being removed, without an acknowledgement: may be there or not. */
    DELETION_ATTEMPTED,
    /** Must not be there. */
    DELETED
  }

  /** A blob of a repository. */
  static final class BlobFact {
    final Key key;
    final Content content;
    volatile State state = State.ATTEMPTED;
    volatile boolean fresh = true;

    BlobFact(Key key, Content content) {
      this.key = key;
      this.content = content;
    }
  }

  /** A manifest of a repository. */
  static final class ManifestFact {
    final Key key;
    final ManifestText manifest;
    volatile State state = State.ATTEMPTED;
    volatile boolean fresh = true;

    ManifestFact(Key key, ManifestText manifest) {
      this.key = key;
      this.manifest = manifest;
    }
  }

  /** A setting of a tag to a digest, or its removal: from {@code start} to {@code end}. */
  record TagWrite(@Nullable String digest, long start, long end) {
    static final long NEVER = Long.MAX_VALUE;

    /** Whether the earlier write can no longer be seen, since this one began after its end. */
    boolean overtakes(TagWrite earlier) {
      return end != NEVER && start > earlier.end;
    }
  }

  /** An upload that was left open: bytes acknowledged as taken, bytes sent. */
  record OpenUpload(String repository, String location, Content content, int taken, int sent) {}

  private final Map<Key, BlobFact> blobs = new ConcurrentHashMap<>();
  private final Map<Key, ManifestFact> manifests = new ConcurrentHashMap<>();
  private final Map<TagKey, List<TagWrite>> tags = new ConcurrentHashMap<>();
  private final Collection<OpenUpload> openUploads = new ConcurrentLinkedQueue<>();
  private final Set<String> repositories = ConcurrentHashMap.newKeySet();
  private final AtomicLong acknowledgements = new AtomicLong();

  /** Before the request that makes a blob visible. */
  BlobFact blobAttempted(String repository, Content content) {
    repositories.add(repository);
    BlobFact fact =
        blobs.computeIfAbsent(
            new Key(repository, content.digest()), key -> new BlobFact(key, content));
    fact.fresh = true;
    return fact;
  }

  void blobAcknowledged(BlobFact fact) {
    fact.state = State.PRESENT;
    acknowledgements.incrementAndGet();
  }

  ManifestFact manifestAttempted(String repository, ManifestText manifest) {
    ManifestFact fact =
        manifests.computeIfAbsent(
            new Key(repository, manifest.digest()), key -> new ManifestFact(key, manifest));
    fact.fresh = true;
    return fact;
  }

  void manifestAcknowledged(ManifestFact fact) {
    fact.state = State.PRESENT;
    acknowledgements.incrementAndGet();
  }

  void deletionAttempted(ManifestFact fact) {
    fact.fresh = true;
    fact.state = State.DELETION_ATTEMPTED;
  }

  void deletionAcknowledged(ManifestFact fact) {
    fact.state = State.DELETED;
    acknowledgements.incrementAndGet();
  }

  /** Before the request that sets a tag ({@code digest} null: that removes it). */
  TagWrite tagAttempted(TagKey key, @Nullable String digest) {
    TagWrite write = new TagWrite(digest, System.nanoTime(), TagWrite.NEVER);
    writes(key).add(write);
    return write;
  }

  void tagAcknowledged(TagKey key, TagWrite attempt) {
    List<TagWrite> writes = writes(key);
    writes.remove(attempt);
    writes.add(new TagWrite(attempt.digest(), attempt.start(), System.nanoTime()));
    acknowledgements.incrementAndGet();
  }

  void uploadLeftOpen(OpenUpload upload) {
    openUploads.add(upload);
  }

  /** All values that a tag may have now; null among them: it may be absent. */
  List<@Nullable String> possible(TagKey key) {
    List<TagWrite> writes = writes(key);
    synchronized (writes) {
      return writes.stream()
          .filter(write -> writes.stream().noneMatch(later -> later.overtakes(write)))
          .map(TagWrite::digest)
          .toList();
    }
  }

  /** A tag's value is known again: it is {@code digest}, or absent. */
  void tagObserved(TagKey key, @Nullable String digest) {
    List<TagWrite> writes = writes(key);
    synchronized (writes) {
      writes.clear();
      writes.add(new TagWrite(digest, System.nanoTime(), System.nanoTime()));
    }
  }

  private List<TagWrite> writes(TagKey key) {
    return tags.computeIfAbsent(
        key,
        k -> {
          List<TagWrite> writes = Collections.synchronizedList(new ArrayList<>());
          writes.add(new TagWrite(null, System.nanoTime(), System.nanoTime()));
          return writes;
        });
  }

  /** Forgets what turned out not to be there. */
  void absent(BlobFact fact) {
    blobs.remove(fact.key);
  }

  void absent(ManifestFact fact) {
    fact.state = State.DELETED;
  }

  Collection<BlobFact> blobs() {
    return blobs.values();
  }

  /** A blob that was attempted. */
  BlobFact blob(Key key) {
    return Objects.requireNonNull(blobs.get(key));
  }

  Collection<ManifestFact> manifests() {
    return manifests.values();
  }

  @Nullable ManifestFact manifest(Key key) {
    return manifests.get(key);
  }

  Set<TagKey> tags() {
    return tags.keySet();
  }

  Set<String> repositories() {
    return new TreeSet<>(repositories);
  }

  /** Takes out the uploads that were left open so far. */
  List<OpenUpload> takeOpenUploads() {
    List<OpenUpload> taken = List.copyOf(openUploads);
    openUploads.removeAll(taken);
    return taken;
  }

  /** The number of acknowledged requests. */
  public long acknowledgements() {
    return acknowledgements.get();
  }
}
