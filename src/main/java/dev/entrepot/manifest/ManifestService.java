package dev.entrepot.manifest;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.ManifestConfig;
import dev.entrepot.database.Database;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.oci.Descriptor;
import dev.entrepot.oci.ManifestParser;
import dev.entrepot.oci.ParsedManifest;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pushes, finds and deletes manifests. */
@Singleton
public class ManifestService {
  private static final int PARENTS_NAMED = 10;
  private static final int MISSING_NAMED = 100;
  private static final int TAGS_NAMED = 100;

  private final Database database;
  private final RepositoryService repositories;
  private final TagPointers tags;
  private final ContentEvents events;
  private final ManifestParser parser;
  private final boolean allowSparseIndexes;

  public ManifestService(
      Database database,
      RepositoryService repositories,
      TagPointers tags,
      ContentEvents events,
      EntrepotConfig config) {
    ManifestConfig settings = config.manifest();
    this.database = database;
    this.repositories = repositories;
    this.tags = tags;
    this.events = events;
    this.parser = new ManifestParser(settings.maxReferences(), settings.maxTokens());
    this.allowSparseIndexes = settings.allowSparseIndexes();
  }

  /**
   * A manifest by its digest; empty when the repository does not hold it.
   *
   * @throws RegistryException NAME_UNKNOWN when there is no such repository
   */
  public Optional<StoredManifest> find(RepositoryName repository, Digest digest) {
    RepositoryId id = repositories.get(repository);
    return database.read(connection -> ManifestRows.find(connection, id, digest));
  }

  /**
   * Checks and stores a manifest and sets its tags, all in one transaction. Pushing what is there
   * already is no error. Tells {@code ManifestPushed}, and {@code TagMoved} for each tag that
   * pointed elsewhere.
   *
   * @throws RegistryException MANIFEST_INVALID, DIGEST_INVALID, MANIFEST_BLOB_UNKNOWN naming each
   *     missing digest, PRECONDITION_FAILED
   */
  public PushedManifest push(ManifestPush push) {
    Digest digest = digestOf(push);
    ParsedManifest manifest = parser.parse(push.content(), push.contentType());
    List<ContentEvent.TagMoved> moves =
        database.transact(transaction -> store(transaction, push, digest, manifest));
    events.publish(new ContentEvent.ManifestPushed(push.repository(), digest));
    moves.forEach(events::publish);
    Descriptor subject = manifest.subject();
    return new PushedManifest(
        digest, manifest.mediaType(), subject == null ? null : subject.digest(), push.tags());
  }

  /**
   * Deletes a manifest and its tags. Tells {@code ManifestDeleted} and {@code TagMoved}.
   *
   * @throws RegistryException NAME_UNKNOWN, MANIFEST_UNKNOWN, DENIED when a rule keeps one of the
   *     tags, or UNSUPPORTED naming the indexes of this repository that it is a child of
   */
  public void delete(ManifestDeletion deletion) {
    RepositoryId id = repositories.get(deletion.repository());
    Digest digest = deletion.digest();
    List<ContentEvent.TagMoved> moves =
        database.transact(
            transaction -> {
              // A push of an index holds a share of its children until its references are in.
              if (!ManifestRows.lock(transaction, id, digest)) {
                throw new RegistryException(
                    ErrorCode.MANIFEST_UNKNOWN,
                    ErrorCode.MANIFEST_UNKNOWN.message(),
                    Map.of("digest", digest.toString()));
              }
              refuseIfChild(transaction, id, digest);
              List<ContentEvent.TagMoved> dropped = tags.drop(transaction, id, deletion);
              ManifestRows.delete(transaction, id, digest, recorded(deletion, dropped));
              return dropped;
            });
    events.publish(new ContentEvent.ManifestDeleted(deletion.repository(), digest));
    moves.forEach(events::publish);
  }

  private static AuditEvent recorded(ManifestPush push, Digest digest) {
    return AuditEvent.in(
        push.repository().value(),
        AuditKind.MANIFEST_PUSH,
        push.pusher(),
        named(push.tags()),
        digest);
  }

  private static AuditEvent recorded(
      ManifestDeletion deletion, List<ContentEvent.TagMoved> dropped) {
    return AuditEvent.in(
        deletion.repository().value(),
        AuditKind.MANIFEST_DELETE,
        deletion.actor(),
        named(dropped.stream().map(ContentEvent.TagMoved::tag).toList()),
        deletion.digest());
  }

  /** The first of the tags; the history of tags has them all. */
  private static @Nullable String named(List<TagName> tags) {
    return tags.isEmpty()
        ? null
        : tags.stream().limit(TAGS_NAMED).map(TagName::value).collect(Collectors.joining(","));
  }

  private static Digest digestOf(ManifestPush push) {
    Digest expected = push.expected();
    DigestAlgorithm algorithm = expected == null ? DigestAlgorithm.SHA256 : expected.algorithm();
    Digest actual = Digest.ofContent(algorithm, push.content());
    if (expected != null && !expected.equals(actual)) {
      throw new RegistryException(
          ErrorCode.DIGEST_INVALID,
          "the manifest does not have the digest that was given",
          Map.of("expected", expected.toString(), "actual", actual.toString()));
    }
    return actual;
  }

  /**
   * Locks in this order, everywhere: repository, blobs, child manifests, the manifest itself, tags;
   * several of a kind in ascending order. So pushes and deletes wait for, and do not block, each
   * other.
   */
  private List<ContentEvent.TagMoved> store(
      Connection transaction, ManifestPush push, Digest digest, ParsedManifest manifest)
      throws SQLException {
    RepositoryId id = repositories.getOrCreate(transaction, push.repository(), push.pusher());
    holdContent(transaction, id, manifest);
    if (push.tags().isEmpty() && !push.precondition().equals(Precondition.NONE)) {
      boolean there = ManifestRows.lock(transaction, id, digest);
      push.precondition().check(digest, there ? digest : null);
    }
    ManifestRows.insert(transaction, id, digest, manifest, push.content(), recorded(push, digest));
    return push.tags().isEmpty() ? List.of() : tags.point(transaction, id, push, digest);
  }

  private void holdContent(Connection transaction, RepositoryId id, ParsedManifest manifest)
      throws SQLException {
    List<Descriptor> missing = new ArrayList<>();
    ManifestRows.holdOrListMissing(transaction, ManifestRows.HOLD_BLOBS, id, manifest.blobs())
        .stream()
        .filter(Descriptor::mustBePresent)
        .forEach(missing::add);
    List<Descriptor> missingManifests =
        ManifestRows.holdOrListMissing(
            transaction, ManifestRows.HOLD_MANIFESTS, id, manifest.manifests());
    if (!allowSparseIndexes) {
      missing.addAll(missingManifests);
    }
    if (!missing.isEmpty()) {
      throw new RegistryException(
          ErrorCode.MANIFEST_BLOB_UNKNOWN,
          ErrorCode.MANIFEST_BLOB_UNKNOWN.message(),
          missing.stream()
              .map(Descriptor::digest)
              .distinct()
              .limit(MISSING_NAMED)
              .map(unknown -> Map.of("digest", unknown.toString()))
              .toList());
    }
  }

  private static void refuseIfChild(Connection transaction, RepositoryId id, Digest digest)
      throws SQLException {
    List<String> parents =
        ManifestRows.listParents(transaction, id, digest, PARENTS_NAMED).stream()
            .map(Digest::toString)
            .toList();
    if (!parents.isEmpty()) {
      throw new RegistryException(
          ErrorCode.UNSUPPORTED,
          "the manifest is part of index " + parents.getFirst() + ": delete that first",
          Map.of("digest", digest.toString(), "referencedBy", parents),
          Map.of("Allow", "GET, HEAD, PUT"));
    }
  }
}
