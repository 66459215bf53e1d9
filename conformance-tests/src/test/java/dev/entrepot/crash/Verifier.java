package dev.entrepot.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.crash.Api.Answer;
import dev.entrepot.crash.Ledger.BlobFact;
import dev.entrepot.crash.Ledger.ManifestFact;
import dev.entrepot.crash.Ledger.OpenUpload;
import dev.entrepot.crash.Ledger.State;
import dev.entrepot.crash.Ledger.TagKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a registry serves with what the ledger says it must and may serve. What was sent
 * without an acknowledgement may be there or not; it is looked up once, and from then on it must
 * stay so.
 */
public final class Verifier implements AutoCloseable {
  private static final int THREADS = 6;
  // Of what was found right before, that part is looked at again when not everything is.
  private static final double SAMPLE = 0.05;

  private final Api api;
  private final Ledger ledger;
  private final Collection<String> faults = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicInteger compared = new AtomicInteger();

  public Verifier(Api api, Ledger ledger) {
    this.api = api;
    this.ledger = ledger;
  }

  /** Looks at what is new and a sample of the rest, or at everything; returns all faults. */
  public List<String> verify(boolean everything) {
    forEach(selected(ledger.blobs(), everything), this::verifyBlob);
    forEach(selectedManifests(everything), this::verifyManifest);
    forEach(ledger.tags(), this::verifyTag);
    forEach(ledger.repositories(), this::verifyTagList);
    verifyCatalog();
    List<String> found = List.copyOf(faults);
    faults.clear();
    return found;
  }

  /**
   * Completes the uploads that the crash left open; returns their number.
   *
   * @param databaseLived whether all acknowledged bytes must still be there; otherwise the upload
   *     may go on from an earlier offset, as its row is not worth a disk sync
   */
  public int completeOpenUploads(boolean databaseLived) {
    AtomicInteger completed = new AtomicInteger();
    forEach(
        ledger.takeOpenUploads(),
        upload -> {
          if (complete(upload, databaseLived)) {
            completed.incrementAndGet();
          }
        });
    return completed.get();
  }

  /** The number of comparisons so far. */
  public int compared() {
    return compared.get();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private List<BlobFact> selected(Collection<BlobFact> facts, boolean everything) {
    return facts.stream().filter(fact -> everything || fact.fresh || sampled()).toList();
  }

  private List<ManifestFact> selectedManifests(boolean everything) {
    return ledger.manifests().stream()
        .filter(fact -> everything || fact.fresh || sampled())
        .toList();
  }

  private static boolean sampled() {
    return ThreadLocalRandom.current().nextDouble() < SAMPLE;
  }

  private void verifyBlob(BlobFact fact) {
    String path = "/v2/" + fact.key.repository() + "/blobs/" + fact.key.digest();
    Answer answer = api.get(path);
    if (answer.status() == 404 && fact.state == State.ATTEMPTED) {
      ledger.absent(fact);
      return;
    }
    if (expectContent(path, answer, fact.key.digest())) {
      fact.state = State.PRESENT;
      fact.fresh = false;
    }
  }

  private void verifyManifest(ManifestFact fact) {
    String path = "/v2/" + fact.key.repository() + "/manifests/" + fact.key.digest();
    Answer answer = api.get(path);
    boolean absent = answer.status() == 404;
    if (absent && fact.state != State.PRESENT) {
      ledger.absent(fact);
    } else if (fact.state == State.DELETED) {
      expect(absent, path + " was deleted, but answers " + answer.status());
    } else if (expectContent(path, answer, fact.key.digest())) {
      fact.state = State.PRESENT;
      verifyReferences(fact);
    }
    verifyReferrer(fact);
    fact.fresh = false;
  }

  /** Nothing dangles: all that a manifest names is served. */
  private void verifyReferences(ManifestFact fact) {
    String repository = fact.key.repository();
    for (String blob : fact.manifest.blobs()) {
      String path = "/v2/" + repository + "/blobs/" + blob;
      expectContent(path, api.get(path), blob);
    }
    for (String child : fact.manifest.children()) {
      String path = "/v2/" + repository + "/manifests/" + child;
      expectContent(path, api.get(path), child);
    }
  }

  private void verifyReferrer(ManifestFact fact) {
    String subject = fact.manifest.subject();
    if (subject == null) {
      return;
    }
    String path = "/v2/" + fact.key.repository() + "/referrers/" + subject;
    boolean listed = digests(api.get(path), "manifests", "digest").contains(fact.key.digest());
    boolean present = fact.state == State.PRESENT;
    expect(listed == present, path + (present ? " lacks " : " lists ") + fact.key.digest());
  }

  private void verifyTag(TagKey key) {
    String path = "/v2/" + key.repository() + "/manifests/" + key.tag();
    Answer answer = api.get(path);
    List<@Nullable String> possible = ledger.possible(key);
    if (answer.status() == 404) {
      expect(possible.contains(null), path + " is lost; possible: " + possible);
      ledger.tagObserved(key, null);
      return;
    }
    String digest = answer.header("Docker-Content-Digest");
    if (expectContent(path, answer, digest)) {
      expect(possible.contains(digest), path + " is " + digest + "; possible: " + possible);
      ledger.tagObserved(key, digest);
    }
  }

  /** The listed tags are the tags that are served. Runs after their own verification. */
  private void verifyTagList(String repository) {
    String path = "/v2/" + repository + "/tags/list";
    Set<@Nullable String> expected = new HashSet<>();
    for (TagKey key : ledger.tags()) {
      if (key.repository().equals(repository) && !ledger.possible(key).contains(null)) {
        expected.add(key.tag());
      }
    }
    Answer answer = api.get(path);
    if (answer.status() == 404 && expected.isEmpty()) {
      return;
    }
    Set<String> listed = digests(answer, "tags", "");
    expect(listed.equals(expected), path + " lists " + listed + " instead of " + expected);
  }

  private void verifyCatalog() {
    Set<String> listed = digests(api.get("/v2/_catalog"), "repositories", "");
    for (TagKey key : ledger.tags()) {
      if (!ledger.possible(key).contains(null)) {
        expect(listed.contains(key.repository()), "catalog lacks " + key.repository());
      }
    }
  }

  private boolean complete(OpenUpload upload, boolean databaseLived) {
    Answer status = api.get(upload.location());
    if (!expect(status.status() == 204, "upload's status answers " + status.status())) {
      return false;
    }
    int offset = status.offset();
    int least = databaseLived ? upload.taken() : 0;
    expect(
        offset >= least && offset <= upload.sent(),
        "upload is at %d, not in %d–%d".formatted(offset, least, upload.sent()));
    Content content = upload.content();
    BlobFact fact = ledger.blobAttempted(upload.repository(), content);
    Answer closed =
        api.put(
            Repository.closing(upload.location(), content.digest()),
            "application/octet-stream",
            content.bytes(offset, content.size()));
    if (expect(closed.status() == 201, "resumed upload's end answers " + closed.status())) {
      ledger.blobAcknowledged(fact);
      return true;
    }
    return false;
  }

  private boolean expectContent(String path, Answer answer, String digest) {
    return expect(answer.status() == 200, path + " answers " + answer.status())
        && expect(
            Blob.digest(digest.substring(0, digest.indexOf(':')), answer.body()).equals(digest),
            path + " has other bytes (" + answer.body().length + ")");
  }

  private boolean expect(boolean right, String fault) {
    compared.incrementAndGet();
    if (!right) {
      faults.add(fault);
    }
    return right;
  }

  private Set<String> digests(Answer answer, String array, String field) {
    Set<String> found = new HashSet<>();
    try {
      JsonNode list = new ObjectMapper().readTree(answer.body()).path(array);
      list.forEach(
          entry -> found.add(field.isEmpty() ? entry.asText() : entry.path(field).asText()));
    } catch (IOException e) {
      faults.add("no JSON in an answer " + answer.status() + ": " + e.getMessage());
    }
    return found;
  }

  private <T> void forEach(Collection<T> all, Consumer<T> action) {
    List<Future<?>> tasks = new ArrayList<>();
    all.forEach(each -> tasks.add(threads.submit(() -> action.accept(each))));
    try {
      for (Future<?> task : tasks) {
        task.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
