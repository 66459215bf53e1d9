package dev.entrepot.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.entrepot.conformance.support.Repository;
import dev.entrepot.crash.Api.Answer;
import dev.entrepot.crash.Ledger.BlobFact;
import dev.entrepot.crash.Ledger.ManifestFact;
import dev.entrepot.crash.Ledger.OpenUpload;
import dev.entrepot.crash.Ledger.TagKey;
import dev.entrepot.crash.Ledger.TagWrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client: it pushes, tags, mounts and deletes in every way that the API has, and notes in the
 * ledger what it asks for and what is acknowledged. An answer that is no success ends what it was
 * doing; one that blames the client is a fault of the server, for everything asked is right.
 */
final class Pusher {
  private static final String OCTETS = "application/octet-stream";
  private static final String SHARED = "crash/shared";
  private static final int SHARED_CONTENTS = 50;

  private final Api api;
  private final Ledger ledger;
  private final Collection<String> faults;
  private final SplittableRandom random;
  private final String repository;
  private final List<ManifestText> images = new ArrayList<>();

  Pusher(Api api, Ledger ledger, Collection<String> faults, int number, long seed) {
    this.api = api;
    this.ledger = ledger;
    this.faults = faults;
    this.random = new SplittableRandom(seed);
    this.repository = "crash/client" + number;
  }

  /** Does one thing; false when the server did not do it. */
  boolean step() {
    return switch (random.nextInt(12)) {
      case 0 -> moveTag();
      case 1 -> deleteTag();
      case 2 -> pushAndDelete();
      case 3 -> leaveUploadOpen();
      case 4 -> pushSharedBlob();
      case 5 -> pushIndex();
      case 6 -> pushArtifact();
      case 7 -> pushContestedTag();
      case 8 -> mountIntoShared();
      case 9 -> pushImage(repository, newTag(), newTag()).isPresent();
      default -> pushImage(repository, newTag()).isPresent();
    };
  }

  private Optional<ManifestText> pushImage(String to, String... tags) {
    List<Content> blobs = new ArrayList<>();
    for (int i = 0, count = 2 + random.nextInt(3); i < count; i++) {
      blobs.add(newContent());
    }
    for (Content blob : blobs) {
      if (!pushBlob(to, blob)) {
        return Optional.empty();
      }
    }
    ManifestText image = ManifestText.image(blobs.getFirst(), blobs.subList(1, blobs.size()));
    if (!putManifest(to, image, tags)) {
      return Optional.empty();
    }
    if (to.equals(repository)) {
      images.add(image);
    }
    return Optional.of(image);
  }

  private boolean pushIndex() {
    if (images.size() < 2) {
      return true;
    }
    ManifestText index = ManifestText.index(List.of(anImage(), anImage()));
    return putManifest(repository, index, newTag());
  }

  private boolean pushArtifact() {
    if (images.isEmpty()) {
      return true;
    }
    Content config = newContent();
    ManifestText subject = anImage();
    return pushBlob(repository, config)
        && putManifest(repository, ManifestText.artifact(config, List.of(config), subject));
  }

  private boolean pushContestedTag() {
    return pushImage(SHARED, "contested").isPresent();
  }

  private boolean moveTag() {
    return images.isEmpty() || putManifest(repository, anImage(), oldTag());
  }

  private boolean deleteTag() {
    TagKey key = new TagKey(repository, oldTag());
    TagWrite write = ledger.tagAttempted(key, null);
    Answer answer = api.delete("/v2/" + repository + "/manifests/" + key.tag());
    // A tag that was not there is as good as deleted.
    boolean done = answer.status() == 404 || succeeded(answer, 202, "DELETE tag");
    if (done) {
      ledger.tagAcknowledged(key, write);
    }
    return done;
  }

  private boolean pushAndDelete() {
    Content config = newContent();
    ManifestText image = ManifestText.image(config, List.of());
    if (!pushBlob(repository, config) || !putManifest(repository, image)) {
      return false;
    }
    ManifestFact fact = ledger.manifestAttempted(repository, image);
    ledger.deletionAttempted(fact);
    Answer answer = api.delete("/v2/" + repository + "/manifests/" + image.digest());
    if (!succeeded(answer, 202, "DELETE manifest")) {
      return false;
    }
    ledger.deletionAcknowledged(fact);
    return true;
  }

  /** The same few contents from all clients, so that several push one blob at once. */
  private boolean pushSharedBlob() {
    int number = random.nextInt(SHARED_CONTENTS);
    return pushBlob(SHARED, Content.of(number, 20_000 + number, "sha256"));
  }

  private boolean mountIntoShared() {
    if (images.isEmpty()) {
      return true;
    }
    Ledger.Key own = new Ledger.Key(repository, anImage().blobs().getFirst());
    BlobFact mounted = ledger.blobAttempted(SHARED, ledger.blob(own).content);
    Answer answer =
        api.post(uploads(SHARED) + "?mount=" + own.digest() + "&from=" + repository, new byte[0]);
    if (!succeeded(answer, 201, "mount")) {
      return false;
    }
    ledger.blobAcknowledged(mounted);
    return true;
  }

  private boolean putManifest(String to, ManifestText image, String... tags) {
    ManifestFact fact = ledger.manifestAttempted(to, image);
    List<TagKey> keys = Arrays.stream(tags).map(tag -> new TagKey(to, tag)).toList();
    List<TagWrite> writes =
        keys.stream().map(key -> ledger.tagAttempted(key, image.digest())).toList();
    // A single tag in the path as all clients do it, several as parameters.
    String path =
        tags.length == 1
            ? tags[0]
            : image.digest() + (tags.length == 0 ? "" : "?tag=" + String.join("&tag=", tags));
    Answer answer =
        api.put(
            "/v2/" + to + "/manifests/" + path,
            image.manifest().mediaType(),
            image.manifest().bytes());
    if (!succeeded(answer, 201, "PUT manifest")) {
      return false;
    }
    ledger.manifestAcknowledged(fact);
    for (int i = 0; i < keys.size(); i++) {
      ledger.tagAcknowledged(keys.get(i), writes.get(i));
    }
    return true;
  }

  private boolean pushBlob(String to, Content content) {
    BlobFact fact = ledger.blobAttempted(to, content);
    boolean done =
        switch (random.nextInt(4)) {
          case 0 -> postWhole(to, content);
          case 1 -> postAndPut(to, content);
          case 2 -> postPatchPut(to, content);
          default -> postChunksPut(to, content);
        };
    if (done) {
      ledger.blobAcknowledged(fact);
    }
    return done;
  }

  private boolean postWhole(String to, Content content) {
    Answer answer = api.post(uploads(to) + "?digest=" + content.digest(), content.bytes());
    return succeeded(answer, 201, "POST blob");
  }

  private boolean postAndPut(String to, Content content) {
    return startUpload(to, content)
        .filter(location -> close(location, content, content.bytes()))
        .isPresent();
  }

  private boolean postPatchPut(String to, Content content) {
    return startUpload(to, content)
        .map(location -> api.patch(location, content.bytes()))
        .filter(answer -> succeeded(answer, 202, "PATCH"))
        .filter(answer -> close(answer.location(), content, new byte[0]))
        .isPresent();
  }

  private boolean postChunksPut(String to, Content content) {
    int sent = content.size() * 2 / 3;
    return startUpload(to, content)
        .flatMap(location -> sendChunks(location, content, sent))
        .filter(answer -> close(answer.location(), content, content.bytes(sent, content.size())))
        .isPresent();
  }

  private boolean leaveUploadOpen() {
    Content content = newContent();
    Optional<String> location = startUpload(repository, content);
    if (location.isEmpty()) {
      return false;
    }
    int half = content.size() / 2;
    Answer answer = api.patch(location.get(), 0, content.bytes(0, half));
    boolean taken = succeeded(answer, 202, "PATCH");
    ledger.uploadLeftOpen(
        new OpenUpload(repository, location.get(), content, taken ? half : 0, half));
    return taken;
  }

  private Optional<String> startUpload(String to, Content content) {
    Answer answer = api.post(uploads(to) + "?digest-algorithm=" + content.algorithm(), new byte[0]);
    return succeeded(answer, 202, "POST") ? Optional.of(answer.location()) : Optional.empty();
  }

  /** Sends the first {@code length} bytes as three chunks. */
  private Optional<Answer> sendChunks(String location, Content content, int length) {
    @Nullable Answer answer = null;
    for (int i = 0; i < 3; i++) {
      int from = (int) ((long) length * i / 3);
      int to = (int) ((long) length * (i + 1) / 3);
      answer =
          api.patch(answer == null ? location : answer.location(), from, content.bytes(from, to));
      if (!succeeded(answer, 202, "PATCH chunk")) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(answer);
  }

  private boolean close(String location, Content content, byte[] rest) {
    Answer answer = api.put(Repository.closing(location, content.digest()), OCTETS, rest);
    return succeeded(answer, 201, "PUT blob");
  }

  private boolean succeeded(Answer answer, int expected, String what) {
    int status = answer.status();
    if (status == expected) {
      return true;
    }
    if (status != 0 && status != 429 && status < 500) {
      faults.add(what + " answered " + status + " " + new String(answer.body(), UTF_8));
    }
    return false;
  }

  private Content newContent() {
    int kind = random.nextInt(20);
    int size =
        kind < 14
            ? 100 + random.nextInt(20_000)
            : kind < 19 ? 20_000 + random.nextInt(300_000) : 1_000_000 + random.nextInt(3_000_000);
    return Content.of(random.nextLong(), size, random.nextInt(6) == 0 ? "sha512" : "sha256");
  }

  private ManifestText anImage() {
    return images.get(random.nextInt(images.size()));
  }

  private String newTag() {
    return "v" + random.nextInt(1_000_000_000);
  }

  private String oldTag() {
    return "moving" + random.nextInt(4);
  }

  private static String uploads(String repository) {
    return "/v2/" + repository + "/blobs/uploads/";
  }
}
