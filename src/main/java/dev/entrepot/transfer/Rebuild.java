package dev.entrepot.transfer;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.journal.Journal;
import dev.entrepot.journal.RepositoryState;
import dev.entrepot.manifest.ManifestPush;
import dev.entrepot.manifest.ManifestService;
import dev.entrepot.manifest.Precondition;
import dev.entrepot.oci.Descriptor;
import dev.entrepot.oci.ManifestParser;
import dev.entrepot.oci.ParsedManifest;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.task.Workers;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Fills an empty database from the store alone: blobs are what the store has, manifests and tags
 * what its journal says, by the rules of a push, so that links follow from manifests and referrers
 * from their subjects. Killed, it can be run again.
 */
@Singleton
public class Rebuild {
  private final Database database;
  private final StoredBlobs blobs;
  private final ManifestService manifests;
  private final FallbackTags fallbackTags;
  private final Journal journal;
  private final ManifestParser parser;

  Rebuild(
      Database database,
      StoredBlobs blobs,
      ManifestService manifests,
      FallbackTags fallbackTags,
      BlobStore store,
      EntrepotConfig config) {
    this.database = database;
    this.blobs = blobs;
    this.manifests = manifests;
    this.fallbackTags = fallbackTags;
    this.journal = new Journal(store.journal());
    this.parser =
        new ManifestParser(config.manifest().maxReferences(), config.manifest().maxTokens());
  }

  /**
   * Does all of it, in a database that {@link EmptyDatabase} has taken.
   *
   * @param out gets lines for the operator
   */
  public Adopted run(Consumer<String> out) {
    Adopted rebuilt = new Adopted(out);
    long there = blobs.insertAll(key -> rebuilt.skip(key.value(), "the store has no digest of it"));
    out.accept(there + " blobs are in the store");
    if (!journal.isComplete()) {
      rebuilt.skip(
          "whatever is not in the journal", "the journal was never completed, or there is none");
    }
    try (var workers = new Workers()) {
      journal.forEachRepository(
          state -> workers.run(() -> new Turn(state, rebuilt).rebuild()), rebuilt::skip);
      workers.awaitAll();
    }
    database.transact(
        transaction -> {
          EmptyDatabase.release(transaction);
          return true;
        });
    rebuilt.say();
    return rebuilt;
  }

  /** One repository. */
  private final class Turn {
    private final RepositoryState state;
    private final RepositoryName repository;
    private final Adopted rebuilt;
    private final Map<Digest, List<TagName>> tags = new HashMap<>();
    private final Set<Digest> settled = new HashSet<>();
    private final Map<Digest, RegistryException> waiting = new HashMap<>();

    Turn(RepositoryState state, Adopted rebuilt) {
      this.state = state;
      this.repository = state.name();
      this.rebuilt = rebuilt;
    }

    void rebuild() {
      rebuilt.attempt(
          repository.value(),
          () -> {
            pushAll();
            waiting.forEach(
                (digest, e) ->
                    rebuilt.skip(repository + "@" + digest, e.getMessage() + " " + e.details()));
            tags.forEach((digest, names) -> names.forEach(tag -> check(tag, digest)));
            rebuilt.repository(repository);
          });
    }

    /** Again as long as some wait for others: an index may come before its children. */
    private void pushAll() throws IOException {
      int before;
      do {
        before = settled.size();
        waiting.clear();
        tags.clear();
        state.read(
            new RepositoryState.Reader() {
              @Override
              public void tag(TagName tag, Digest digest) {
                tags.computeIfAbsent(digest, any -> new ArrayList<>()).add(tag);
              }

              @Override
              public void manifest(Digest digest, String mediaType, byte[] content) {
                take(digest, mediaType, content);
              }
            });
      } while (!waiting.isEmpty() && settled.size() > before);
    }

    private void take(Digest digest, String mediaType, byte[] content) {
      if (!settled.add(digest)) {
        return;
      }
      rebuilt.attempt(
          repository + "@" + digest,
          () -> {
            try {
              push(digest, mediaType, content);
            } catch (RegistryException e) {
              if (e.code() != ErrorCode.MANIFEST_BLOB_UNKNOWN) {
                throw e;
              }
              settled.remove(digest);
              waiting.put(digest, e);
            }
          });
    }

    /** With its tags. One that somebody has moved since stays where it is. */
    private void push(Digest digest, String mediaType, byte[] content) {
      List<TagName> names = tags.getOrDefault(digest, List.of());
      ParsedManifest parsed = parser.parse(content, mediaType);
      List<Digest> parts = parsed.blobs().stream().map(Descriptor::digest).toList();
      database.transact(
          transaction -> {
            blobs.link(transaction, repository, parts);
            return manifests.push(
                transaction,
                new ManifestPush(
                    repository,
                    digest,
                    names,
                    mediaType,
                    content,
                    Precondition.NONE,
                    false,
                    Actor.SYSTEM));
          });
      rebuilt.manifest(parsed.subject() != null);
      names.forEach(tag -> rebuilt.tag());
    }

    private void check(TagName tag, Digest digest) {
      if (settled.contains(digest)) {
        fallbackTags.check(repository, tag, digest, rebuilt);
      } else if (!waiting.containsKey(digest)) {
        rebuilt.skip(repository + ":" + tag, "its manifest is not in the journal");
      }
    }
  }
}
