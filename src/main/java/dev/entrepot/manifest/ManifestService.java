package dev.entrepot.manifest;

import dev.entrepot.blob.Revivals;
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
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pushes, finds and deletes manifests. */
@Singleton
public class ManifestService {
  private static final String BLOBS = "repository_blob";
  private static final String MANIFESTS = "manifest";
  private static final int PARENTS_NAMED = 10;
  private static final int MISSING_NAMED = 100;
  private static final int TAGS_NAMED = 100;

  private final Database database;
  private final RepositoryService repositories;
  private final TagPointers tags;
  private final ContentEvents events;
  private final ManifestParser parser;
  private final Revivals revivals;
  private final boolean allowSparseIndexes;
  private final boolean hasTrash;

  public ManifestService(
      Database database,
      RepositoryService repositories,
      TagPointers tags,
      ContentEvents events,
      Revivals revivals,
      EntrepotConfig config) {
    ManifestConfig settings = config.manifest();
    this.database = database;
    this.repositories = repositories;
    this.tags = tags;
    this.events = events;
    this.parser = new ManifestParser(settings.maxReferences(), settings.maxTokens());
    this.revivals = revivals;
    this.allowSparseIndexes = settings.allowSparseIndexes();
    this.hasTrash = config.trash().keep().isPositive();
  }

  /**
   * A manifest by its digest; empty when the repository does not hold it. A condemned one is
   * revived: from now on it stays for the grace time at least.
   *
   * @throws RegistryException NAME_UNKNOWN when there is no such repository
   */
  public Optional<StoredManifest> find(RepositoryName repository, Digest digest) {
    RepositoryId id = repositories.get(repository);
    return database.read(
        connection -> {
          var found = ManifestRows.find(connection, id, digest);
          if (found.isPresent() && found.get().condemned()) {
            // Clean-up may be taking it just now: whoever has the row first wins.
            revivals.manifests(ManifestRows.revive(connection, MANIFESTS, id, Set.of(digest)));
            found = ManifestRows.find(connection, id, digest);
          }
          return found.map(ManifestRows.Found::manifest);
        });
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
    database
        .transact(transaction -> store(transaction, push, digest, manifest))
        .forEach(events::publish);
    Descriptor subject = manifest.subject();
    return new PushedManifest(
        digest, manifest.mediaType(), subject == null ? null : subject.digest(), push.tags());
  }

  /**
   * The same within a transaction.
   *
   * @return what to tell after the commit
   */
  public List<ContentEvent> push(Connection transaction, ManifestPush push) throws SQLException {
    return store(
        transaction, push, digestOf(push), parser.parse(push.content(), push.contentType()));
  }

  /** The manifests that an index lists; none for any other manifest. */
  public Set<Digest> children(String mediaType, byte[] content) {
    return parser.parse(content, mediaType).manifests().stream()
        .map(Descriptor::digest)
        .collect(Collectors.toSet());
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
              delete(transaction, id, deletion, dropped);
              return dropped;
            });
    events.publish(new ContentEvent.ManifestDeleted(deletion.repository(), digest));
    moves.forEach(events::publish);
  }

  private void delete(
      Connection transaction,
      RepositoryId id,
      ManifestDeletion deletion,
      List<ContentEvent.TagMoved> dropped)
      throws SQLException {
    List<TagName> names = dropped.stream().map(ContentEvent.TagMoved::tag).toList();
    AuditEvent event =
        AuditEvent.in(
            deletion.repository().value(),
            AuditKind.MANIFEST_DELETE,
            deletion.actor(),
            named(names),
            deletion.digest());
    ManifestRows.delete(transaction, id, deletion.digest(), names, hasTrash, event);
  }

  /**
   * Deletes a manifest without tags that clean-up has locked and found to be needed by nothing. The
   * caller tells {@code ManifestDeleted} after the commit.
   */
  public void discard(Connection transaction, RepositoryId id, ManifestDeletion deletion)
      throws SQLException {
    delete(transaction, id, deletion, List.of());
  }

  private static AuditEvent recorded(ManifestPush push, Digest digest) {
    return AuditEvent.in(
        push.repository().value(),
        AuditKind.MANIFEST_PUSH,
        push.pusher(),
        named(push.tags()),
        digest);
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
  private List<ContentEvent> store(
      Connection transaction, ManifestPush push, Digest digest, ParsedManifest manifest)
      throws SQLException {
    RepositoryId id = repositories.getOrCreate(transaction, push.repository(), push.pusher());
    holdContent(transaction, id, manifest);
    if (push.tags().isEmpty() && !push.precondition().equals(Precondition.NONE)) {
      boolean there = ManifestRows.lock(transaction, id, digest);
      push.precondition().check(digest, there ? digest : null);
    }
    AuditEvent event = recorded(push, digest);
    if (!ManifestRows.insert(transaction, id, digest, manifest, push.content(), event)) {
      throw repositories.deleted(push.repository());
    }
    List<ContentEvent> told = new ArrayList<>();
    told.add(new ContentEvent.ManifestPushed(push.repository(), digest));
    if (!push.tags().isEmpty()) {
      told.addAll(tags.point(transaction, id, push, digest));
    }
    return told;
  }

  private void holdContent(Connection transaction, RepositoryId id, ParsedManifest manifest)
      throws SQLException {
    var blobs = ManifestRows.hold(transaction, BLOBS, id, manifest.blobs());
    var children = ManifestRows.hold(transaction, MANIFESTS, id, manifest.manifests());
    revivals.links(blobs.revived());
    revivals.manifests(children.revived());
    List<Descriptor> missing = new ArrayList<>();
    manifest.blobs().stream()
        .filter(blob -> blob.mustBePresent() && !blobs.there().contains(blob.digest()))
        .forEach(missing::add);
    manifest.manifests().stream()
        .filter(child -> !allowSparseIndexes && !children.there().contains(child.digest()))
        .forEach(missing::add);
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
