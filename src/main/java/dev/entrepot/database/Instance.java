package dev.entrepot.database;

import jakarta.inject.Singleton;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the database says of itself: made at random with its first migration, never changed. */
@Singleton
public class Instance {
  private record Row(UUID identity, byte[] uploadKey) {}

  private final Database database;
  private volatile @Nullable Row row;

  public Instance(Database database) {
    this.database = database;
  }

  /** Tells this database from every other. */
  public UUID identity() {
    return row().identity();
  }

  /** 32 random bytes that upload ids are signed with. */
  public byte[] uploadKey() {
    return row().uploadKey().clone();
  }

  private Row row() {
    Row known = row;
    if (known == null) {
      known =
          database
              .read(
                  connection ->
                      Sql.find(
                          connection,
                          "SELECT identity, upload_key FROM instance",
                          found -> new Row(found.getObject(1, UUID.class), found.getBytes(2))))
              .orElseThrow(() -> new IllegalStateException("the table instance is empty"));
      row = known;
    }
    return known;
  }
}
