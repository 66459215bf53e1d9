package dev.entrepot.transfer;

import dev.entrepot.blob.BlobIndex;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.event.Actor;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.BlobStore;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageKey;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.task.Workers;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Makes what a store has the blobs of a database again. */
@Singleton
class StoredBlobs {
  private static final int PAGE = 1000;

  /** Of several bytes of one digest any will do: nobody else knows their keys. */
  private static final String INSERT =
      """
      INSERT INTO blob (digest, storage_key, size)
      SELECT * FROM unnest(?, ?, ?::text[]::bigint[])
      ON CONFLICT DO NOTHING
      """;

  /** Clean-up condemns at once what no repository has; the link revives it. */
  private static final String FIND =
      """
      SELECT digest, storage_key, size FROM blob
      WHERE digest = ANY (?) AND state IN ('live', 'condemned') ORDER BY digest
      """;

  private record Found(Digest digest, StoredBlob bytes) {}

  private final Database database;
  private final BlobIndex index;
  private final BlobStore store;

  StoredBlobs(Database database, BlobIndex index, BlobStore store) {
    this.database = database;
    this.index = index;
    this.store = store;
  }

  /**
   * Makes all bytes whose digest the store knows blobs, which no repository has yet. They are not
   * read.
   *
   * @param unknown is told keys of bytes without a digest
   * @return how many there are
   */
  long insertAll(Consumer<StorageKey> unknown) {
    long count = 0;
    List<StoredBlob> page = store.list(null, PAGE);
    while (!page.isEmpty()) {
      Map<Digest, StoredBlob> known = digests(page, unknown);
      database.transact(transaction -> insert(transaction, known));
      count += known.size();
      page = store.list(page.getLast().key(), PAGE);
    }
    return count;
  }

  private Map<Digest, StoredBlob> digests(List<StoredBlob> page, Consumer<StorageKey> unknown) {
    Map<Digest, StoredBlob> known = new ConcurrentSkipListMap<>();
    try (var workers = new Workers()) {
      for (StoredBlob bytes : page) {
        workers.run(
            () -> {
              Optional<Digest> digest = store.digest(bytes.key());
              digest.ifPresentOrElse(
                  found -> known.put(found, bytes), () -> unknown.accept(bytes.key()));
            });
      }
      workers.awaitAll();
    }
    return known;
  }

  private static int insert(Connection transaction, Map<Digest, StoredBlob> blobs)
      throws SQLException {
    return Sql.update(
        transaction,
        INSERT,
        Sql.digests(blobs.keySet()),
        Sql.texts(blobs.values().stream().map(StoredBlob::key).toList()),
        Sql.texts(blobs.values().stream().map(StoredBlob::size).toList()));
  }

  /** Links those of the digests that are there, in ascending order. */
  void link(Connection transaction, RepositoryName repository, Collection<Digest> digests)
      throws SQLException {
    List<Found> found =
        Sql.list(
            transaction,
            FIND,
            row ->
                new Found(
                    Sql.digest(row, 1),
                    new StoredBlob(
                        new StorageKey(row.getString(2)), row.getLong(3), Instant.EPOCH)),
            (Object) Sql.digests(digests));
    for (Found blob : found) {
      index.publish(
          transaction, repository, Actor.SYSTEM, blob.digest(), blob.bytes(), there -> true);
    }
  }
}
