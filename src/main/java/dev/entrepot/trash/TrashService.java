package dev.entrepot.trash;

import dev.entrepot.blob.UsageLedger;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.event.AuditEvent;
import dev.entrepot.event.AuditKind;
import dev.entrepot.event.ContentEvent;
import dev.entrepot.event.ContentEvents;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.manifest.ManifestPush;
import dev.entrepot.manifest.ManifestService;
import dev.entrepot.manifest.Precondition;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryId;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.Digest;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Lists what was deleted in a repository, and restores it: by pushing the manifest again, with the
 * tags that it had, so that all that holds of a push holds here.
 */
@Singleton
public class TrashService {
  /** Indexes in indexes; who nests deeper restores from within. */
  private static final int MAX_DEPTH = 4;

  private final Database database;
  private final RepositoryService repositories;
  private final ManifestService manifests;
  private final UsageLedger usage;
  private final ContentEvents events;
  private final Duration keep;

  public TrashService(
      Database database,
      RepositoryService repositories,
      ManifestService manifests,
      UsageLedger usage,
      ContentEvents events,
      EntrepotConfig config) {
    this.database = database;
    this.repositories = repositories;
    this.manifests = manifests;
    this.usage = usage;
    this.events = events;
    this.keep = config.trash().keep();
  }

  private record Wish(RepositoryName repository, RepositoryId id, boolean force, Actor actor) {}

  /**
   * What can be restored, in the order in which it was deleted.
   *
   * @throws RegistryException NAME_UNKNOWN
   */
  List<TrashedContent> list(RepositoryName repository, long after, int limit) {
    RepositoryId id = repositories.get(repository);
    return database.read(connection -> TrashRows.list(connection, id, keep, after, limit));
  }

  /**
   * Restores an entry, of an index with those of its children that were deleted as well.
   *
   * @param force whether tags that point elsewhere by now are moved back
   * @throws RegistryException NAME_UNKNOWN, DENIED when a rule keeps a tag where it is
   * @throws ProblemException NOT_FOUND; CONFLICT when a tag points elsewhere by now, or what the
   *     manifest refers to is neither there nor in the trash
   */
  TrashedContent restore(RepositoryName repository, long entry, boolean force, Actor actor) {
    Wish wish = new Wish(repository, repositories.get(repository), force, actor);
    record Restored(TrashedContent shown, List<ContentEvent> events) {}
    Restored done =
        database.transact(
            transaction -> {
              TrashRows.Entry found =
                  TrashRows.lock(transaction, wish.id(), keep, entry)
                      .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such entry"));
              if (!force) {
                refuseIfMoved(moved(transaction, wish, found));
              }
              return new Restored(
                  found.shown(), restore(transaction, wish, found, found.tags(), 0));
            });
    done.events().forEach(events::publish);
    return done.shown();
  }

  private List<ContentEvent> restore(
      Connection transaction, Wish wish, TrashRows.Entry entry, List<TagName> tags, int depth)
      throws SQLException {
    TrashRows.Content content = content(transaction, wish.id(), entry);
    List<ContentEvent> told = new ArrayList<>();
    Set<Digest> children = manifests.children(content.mediaType(), content.bytes());
    if (!children.isEmpty() && depth < MAX_DEPTH) {
      for (TrashRows.Entry child : TrashRows.lockMissing(transaction, wish.id(), keep, children)) {
        List<TagName> own = new ArrayList<>(child.tags());
        if (!wish.force()) {
          moved(transaction, wish, child).forEach(name -> own.remove(new TagName(name)));
        }
        told.addAll(restore(transaction, wish, child, own, depth + 1));
      }
    }
    long linked = TrashRows.link(transaction, wish.id(), entry.shown().id());
    usage.count(transaction, wish.id(), linked);
    var push =
        new ManifestPush(
            wish.repository(),
            entry.digest(),
            tags,
            content.mediaType(),
            content.bytes(),
            Precondition.NONE,
            wish.force(),
            wish.actor());
    told.addAll(push(transaction, push));
    TrashRows.delete(transaction, wish.id(), entry.shown().id());
    record(transaction, push);
    return told;
  }

  private static List<String> moved(Connection transaction, Wish wish, TrashRows.Entry entry)
      throws SQLException {
    return TrashRows.listMoved(transaction, wish.id(), entry.tags(), entry.digest());
  }

  private static void refuseIfMoved(List<String> moved) {
    if (!moved.isEmpty()) {
      throw Problem.CONFLICT.with(
          "Tag %s points to another manifest by now; with \"force\": true it is moved back"
              .formatted(moved.getFirst()));
    }
  }

  private static TrashRows.Content content(
      Connection transaction, RepositoryId id, TrashRows.Entry entry) throws SQLException {
    String mediaType = entry.shown().mediaType();
    byte[] content = entry.content();
    if (mediaType != null && content != null) {
      return new TrashRows.Content(mediaType, content);
    }
    return TrashRows.findManifest(transaction, id, entry.digest())
        .orElseThrow(
            () ->
                Problem.CONFLICT.with(
                    "Manifest %s has been deleted as well: restore that first"
                        .formatted(entry.digest())));
  }

  private List<ContentEvent> push(Connection transaction, ManifestPush push) throws SQLException {
    try {
      return manifests.push(transaction, push);
    } catch (RegistryException e) {
      if (e.code() == ErrorCode.MANIFEST_BLOB_UNKNOWN) {
        throw Problem.CONFLICT.with(
            "What the manifest refers to is not there: restore that first: " + e.details());
      }
      throw e;
    }
  }

  private static void record(Connection transaction, ManifestPush push) throws SQLException {
    AuditEvent event =
        AuditEvent.in(
            push.repository().value(),
            AuditKind.TRASH_RESTORE,
            push.pusher(),
            push.tags().isEmpty() ? null : String.join(",", Sql.texts(push.tags())),
            push.expected());
    Sql.update(transaction, AuditEvent.INSERT, event.arguments());
  }
}
