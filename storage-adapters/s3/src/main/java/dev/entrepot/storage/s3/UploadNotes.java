package dev.entrepot.storage.s3;

import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an upload's state keeps: the parts with their ETags, and the object that has the bytes after
 * them. As text, a line for each.
 *
 * @param digest of all bytes, if it is known
 * @param tail the object with the bytes after the parts
 * @param olderTail the one of the state before
 * @param multipart the upload in parts, once there is one
 * @param parts those that are stored, in order
 */
record UploadNotes(
    Optional<Digest> digest,
    Tail tail,
    Optional<String> olderTail,
    Optional<Multipart.Started> multipart,
    List<Multipart.Stored> parts) {
  /** An object's key, and its size. */
  record Tail(String key, long size) {}

  long size() {
    return tail.size() + parts.stream().mapToLong(Multipart.Stored::size).sum();
  }

  String toText() {
    StringBuilder text = new StringBuilder("tail " + tail.size() + " " + tail.key() + "\n");
    digest.ifPresent(known -> text.append("digest ").append(known).append('\n'));
    olderTail.ifPresent(key -> text.append("older ").append(key).append('\n'));
    multipart.ifPresent(
        m -> text.append("multipart %s %s %s\n".formatted(m.key(), m.marker(), m.uploadId())));
    parts.forEach(part -> text.append("part " + part.size() + " " + part.etag() + "\n"));
    return text.toString();
  }

  /** Reads the text; empty when it is none of this store's. */
  static Optional<UploadNotes> parse(String text) {
    Digest digest = null;
    Tail tail = null;
    String older = null;
    Multipart.Started multipart = null;
    List<Multipart.Stored> parts = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      switch (words[0]) {
        case "tail" -> tail = new Tail(words[2], Long.parseLong(words[1]));
        case "digest" -> digest = Digest.parse(words[1]);
        case "older" -> older = words[1];
        case "multipart" ->
            multipart = new Multipart.Started(new StorageKey(words[1]), words[3], words[2]);
        case "part" -> parts.add(new Multipart.Stored(Long.parseLong(words[1]), words[2]));
        default -> {
          return Optional.empty();
        }
      }
    }
    return notes(digest, tail, older, multipart, parts);
  }

  private static Optional<UploadNotes> notes(
      @Nullable Digest digest,
      @Nullable Tail tail,
      @Nullable String older,
      Multipart.@Nullable Started multipart,
      List<Multipart.Stored> parts) {
    return tail == null
        ? Optional.empty()
        : Optional.of(
            new UploadNotes(
                Optional.ofNullable(digest),
                tail,
                Optional.ofNullable(older),
                Optional.ofNullable(multipart),
                parts));
  }
}
