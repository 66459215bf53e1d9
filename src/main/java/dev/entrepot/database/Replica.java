package dev.entrepot.database;

import jakarta.inject.Singleton;
import java.util.UUID;

/** This process among those that share the database: made at random when it starts. */
@Singleton
public class Replica {
  private final UUID id = UUID.randomUUID();

  public UUID id() {
    return id;
  }
}
