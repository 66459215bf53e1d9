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
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Lists what was deleted in a repository, and restores it: by pushing the manifest again, with the
 * tags that it had, so that all that holds of a push holds here.
 */
@Singleton
public class TrashService {
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
   * Restores an entry.
   *
   * @param force whether tags that point elsewhere by now are moved back
   * @throws RegistryException NAME_UNKNOWN, DENIED when a rule keeps a tag where it is
   * @throws ProblemException NOT_FOUND; CONFLICT when a tag points elsewhere by now, or what the
   *     manifest refers to is not there
   */
  TrashedContent restore(RepositoryName repository, long entry, boolean force, Actor actor) {
    RepositoryId id = repositories.get(repository);
    record Restored(TrashedContent shown, List<ContentEvent> events) {}
    Restored done =
        database.transact(
            transaction -> {
              TrashRows.Entry found =
                  TrashRows.lock(transaction, id, keep, entry)
                      .orElseThrow(() -> Problem.NOT_FOUND.with("There is no such entry"));
              List<TagName> tags = found.shown().tags().stream().map(TagName::new).toList();
              if (!force) {
                refuseIfMoved(TrashRows.listMoved(transaction, id, tags, found.digest()));
              }
              TrashRows.Content content = content(transaction, id, found);
              long linked = TrashRows.link(transaction, id, entry);
              usage.count(transaction, id, linked);
              var push =
                  new ManifestPush(
                      repository,
                      found.digest(),
                      tags,
                      content.mediaType(),
                      content.bytes(),
                      Precondition.NONE,
                      force,
                      actor);
              List<ContentEvent> events = push(transaction, push);
              TrashRows.delete(transaction, id, entry);
              record(transaction, push);
              return new Restored(found.shown(), events);
            });
    done.events().forEach(events::publish);
    return done.shown();
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
