package dev.entrepot.gc;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Says what clean-up would take away, by the judgements that it goes by; changes nothing. */
@Singleton
class CleanUpReport {
  /** How many rows a page looks at: as much as a request may cost. */
  private static final int SCANNED = 5000;

  /** What goes with a manifest: its blobs that no other manifest of the repository needs. */
  private static final String OF_MANIFESTS =
      """
      SELECT given.repository_id, given.digest, r.name,
        (SELECT octet_length(content) FROM manifest m
         WHERE m.repository_id = given.repository_id AND m.digest = given.digest)
        + (SELECT coalesce(sum(b.size), 0)
           FROM manifest_reference own JOIN blob b ON b.digest = own.child
           WHERE own.repository_id = given.repository_id AND own.parent = given.digest
             AND NOT own.child_is_manifest AND NOT EXISTS (
               SELECT FROM manifest_reference other
               WHERE other.repository_id = given.repository_id AND other.child = own.child
                 AND NOT other.child_is_manifest AND other.parent <> given.digest))
      FROM unnest(?::text[]::bigint[], ?) AS given (repository_id, digest)
      JOIN repository r ON r.id = given.repository_id
      """;

  private static final String OF_BLOBS =
      """
      SELECT given.repository_id, given.digest, coalesce(r.deleted_name, r.name), b.size
      FROM unnest(?::text[]::bigint[], ?) AS given (repository_id, digest)
      JOIN repository r ON r.id = given.repository_id JOIN blob b ON b.digest = given.digest
      """;

  private final Database database;
  private final Manifests manifests;
  private final Links links;
  private final Blobs blobs;

  CleanUpReport(Database database, Manifests manifests, Links links, Blobs blobs) {
    this.database = database;
    this.manifests = manifests;
    this.links = links;
    this.blobs = blobs;
  }

  /**
   * Something that would go.
   *
   * @param what {@code manifest} of a repository, {@code blob} of a repository, or {@code bytes}
   *     that no repository holds
   * @param why nothing needs it
   * @param bytes that would be freed in the repository or, for {@code bytes}, in the store; of a
   *     manifest with what only it needs
   * @param state {@code unneeded} as of now, {@code condemned} by clean-up, or {@code due}: taken
   *     the next time
   */
  @Schema(name = "Unneeded")
  record Item(
      String what,
      @Nullable String repository,
      String digest,
      String why,
      long bytes,
      String state) {}

  /**
   * Some of it; {@code next} is where to go on, null at the end. It may be empty and not the end.
   */
  record Page(List<Item> items, @Nullable String next) {}

  private record Described(String name, long bytes) {}

  /** A page of manifests, then of blobs of repositories, then of bytes. */
  Page page(String after) {
    String[] at = after.split(" ", 2);
    String cursor = at.length == 2 && !at[1].isEmpty() ? at[1] : null;
    return switch (at[0]) {
      case "bytes" -> bytes(cursor);
      case "blob" -> content("blob", links, OF_BLOBS, "no manifest needs it", cursor, "bytes ");
      default ->
          content("manifest", manifests, OF_MANIFESTS, "nothing points to it", cursor, "blob ");
    };
  }

  private Page content(
      String what,
      ContentScan scan,
      String describing,
      String why,
      @Nullable String cursor,
      String following) {
    List<Verdict> page = scan.page(cursor, SCANNED);
    List<Verdict> going = page.stream().filter(verdict -> !verdict.needed()).toList();
    Map<Key, Described> described = describe(describing, going.stream().map(Verdict::key).toList());
    List<Item> items = new ArrayList<>();
    for (Verdict verdict : going) {
      Described found = described.get(verdict.key());
      if (found != null) {
        String state = state(verdict.condemned(), verdict.due());
        String digest = verdict.key().digest().toString();
        items.add(new Item(what, found.name(), digest, why, found.bytes(), state));
      }
    }
    return new Page(
        items, page.size() < SCANNED ? following : what + " " + page.getLast().key().cursor());
  }

  private Map<Key, Described> describe(String sql, List<Key> keys) {
    Map<Key, Described> described = new HashMap<>();
    if (!keys.isEmpty()) {
      database
          .transactByKeys(
              connection ->
                  Sql.list(
                      connection,
                      sql,
                      row ->
                          Map.entry(
                              new Key(row.getLong(1), Sql.digest(row, 2)),
                              new Described(row.getString(3), row.getLong(4))),
                      Key.repositories(keys),
                      Key.digests(keys)))
          .forEach(entry -> described.put(entry.getKey(), entry.getValue()));
    }
    return described;
  }

  private Page bytes(@Nullable String cursor) {
    List<Blobs.Row> page = blobs.page(cursor, SCANNED);
    List<Item> items =
        page.stream()
            .filter(row -> !row.held())
            .map(
                row ->
                    new Item(
                        "bytes",
                        null,
                        row.digest().toString(),
                        "no repository holds it",
                        row.size(),
                        state(!row.state().equals("live"), row.due())))
            .toList();
    return new Page(items, page.size() < SCANNED ? null : "bytes " + Blobs.cursor(page));
  }

  private static String state(boolean condemned, boolean due) {
    return !condemned ? "unneeded" : due ? "due" : "condemned";
  }
}
