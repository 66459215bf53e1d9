package dev.entrepot.storage.filesystem;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import dev.entrepot.storage.filesystem.SimulatedDisk.Inode;
import dev.entrepot.storage.filesystem.Strace.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** One power loss, at a moment and with an outcome that a seed decides. */
final class PowerLoss {
  private final List<Call> calls;
  private final String root;
  private final Random chance;
  private final int cut;

  /** What belongs at a key, also for keys that were promised only later. */
  private final Map<StorageKey, Content> contents = new HashMap<>();

  private final Map<UUID, Integer> suspended = new HashMap<>();
  private final Set<StorageKey> committed = new HashSet<>();
  private final Set<StorageKey> deleted = new HashSet<>();

  private record Content(UUID upload, int size) {
    byte[] bytes() {
      return TracedUploads.content(upload, size);
    }
  }

  PowerLoss(List<Call> calls, String root, long seed) {
    this.calls = calls;
    this.root = root;
    this.chance = new Random(seed);
    List<Call> promises = calls.stream().filter(call -> !call.said().isEmpty()).toList();
    int first = promises.getFirst().start();
    int last = promises.getLast().start();
    this.cut = first + chance.nextInt(last - first);
    for (Call promise : promises) {
      note(promise.said().split(" "), promise.start() < cut);
    }
  }

  private void note(String[] words, boolean before) {
    if (words[0].equals("COMMITTED")) {
      Content content = new Content(UUID.fromString(words[2]), Integer.parseInt(words[3]));
      contents.put(new StorageKey(words[1]), content);
    }
    if (!before) {
      return;
    }
    switch (words[0]) {
      case "SUSPENDED" -> suspended.put(UUID.fromString(words[1]), Integer.parseInt(words[2]));
      case "ENDING" -> suspended.remove(UUID.fromString(words[1]));
      case "COMMITTED" -> committed.add(new StorageKey(words[1]));
      case "DELETING" -> committed.remove(new StorageKey(words[1]));
      case "DELETED" -> deleted.add(new StorageKey(words[1]));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  /**
   * Lays out in {@code disk} what is left, opens a store there and asks it for what it promised.
   */
  List<String> brokenPromises(Path disk) throws IOException {
    layOut(disk);
    List<String> broken = new ArrayList<>();
    try (BlobStore store = FilesystemBlobStore.open(disk.resolve("store"))) {
      for (StorageKey key : committed) {
        if (store.stat(key).isEmpty()) {
          broken.add("lost " + key);
        }
      }
      for (StoredBlob blob : store.list(null, 1000)) {
        if (deleted.contains(blob.key())) {
          broken.add("came back " + blob);
        }
        if (!isWhole(store, blob)) {
          broken.add("not whole " + blob);
        }
      }
      for (var upload : suspended.entrySet()) {
        Path file = disk.resolve("store/uploads").resolve(upload.getKey().toString());
        if (!canResume(store, upload.getKey(), upload.getValue(), file)) {
          broken.add("cannot resume " + upload);
        }
      }
    }
    return broken.stream().map(what -> what + " after a cut at " + cut).toList();
  }

  private void layOut(Path disk) throws IOException {
    SimulatedDisk simulated = new SimulatedDisk(root);
    simulated.replay(calls, cut);
    for (var survivor : simulated.survivors(chance).entrySet()) {
      Path path = disk.resolve(Path.of(root).relativize(Path.of(survivor.getKey())));
      if (survivor.getValue().isFolder) {
        Files.createDirectories(path);
      } else {
        Files.write(path, bytes(survivor.getValue()));
      }
    }
  }

  /** The synced bytes, perhaps some of the others, perhaps zeros in place of the rest. */
  private byte[] bytes(Inode file) {
    int synced = (int) file.synced;
    int written = (int) file.written;
    int kept = chance.nextBoolean() ? synced : synced + chance.nextInt(1 + written - synced);
    int length = chance.nextBoolean() ? kept : written;
    UUID id = Layout.uploadId(Path.of(file.firstPath)).orElseThrow();
    return Arrays.copyOf(TracedUploads.content(id, kept), length);
  }

  private boolean isWhole(BlobStore store, StoredBlob blob) throws IOException {
    byte[] expected = contents.get(blob.key()).bytes();
    try (BlobContent content = store.open(blob.key(), new ByteRange(0, blob.size()));
        var stream = content.stream()) {
      return Arrays.equals(expected, stream.readAllBytes());
    }
  }

  private static boolean canResume(BlobStore store, UUID id, int offset, Path file)
      throws IOException {
    UploadState state = new UploadState(offset, "");
    try (BlobUpload upload = store.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
      return Arrays.equals(TracedUploads.content(id, offset), Files.readAllBytes(file));
    } catch (StorageException e) {
      return false;
    }
  }
}
