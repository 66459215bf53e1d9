package dev.entrepot.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.Seen;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.RegistryException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeFeedIT {
  private static final String INSERT = "INSERT INTO access_change (what) VALUES (?)";

  private final Revocations revocations = new Revocations();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private TestDatabase test;
  private Accounts accounts;
  private ChangeFeed changes;

  @BeforeEach
  void open() {
    test = TestDatabase.open();
    accounts = new Accounts(test.database());
    changes = feed();
    changes.listen(told::add);
  }

  @AfterEach
  void close() {
    test.close();
  }

  private ChangeFeed feed() {
    return new ChangeFeed(
        test.database(), revocations, TestConfig.with(Map.of("entrepot.auth.mode", "on")));
  }

  @Test
  void tellsEachChangeOnce() {
    changes.catchUp();
    accounts.run(INSERT, "user:1");
    accounts.run(INSERT, "rights");
    changes.catchUp();
    changes.catchUp();
    assertEquals(List.of("user:1", "rights"), told);
  }

  @Test
  void doesNotMissWhatIsCommittedLate() throws SQLException {
    changes.catchUp();
    try (Connection late = test.dataSource().getConnection()) {
      late.setAutoCommit(false);
      dev.entrepot.database.Sql.update(late, INSERT, "user:1");
      accounts.run(INSERT, "user:2");
      changes.catchUp();
      late.commit();
    }
    changes.catchUp();
    assertEquals(List.of("user:2", "user:1"), told);
  }

  @Test
  void aTokenIssuedBeforeAChangeIsCoveredAndOneIssuedAfterIsNot() {
    Seen before = changes.catchUp();
    accounts.run(INSERT, "user:1");
    Seen after = changes.catchUp();
    assertTrue(revocations.covers(List.of("user:2", "user:1"), before));
    assertFalse(revocations.covers(List.of("user:1"), after));
    assertFalse(revocations.covers(List.of("user:2"), before));
  }

  @Test
  void aTokenIssuedWhileTheChangeWasBeingMadeIsCovered() throws SQLException {
    changes.catchUp();
    Seen during;
    try (Connection late = test.dataSource().getConnection()) {
      late.setAutoCommit(false);
      dev.entrepot.database.Sql.update(late, INSERT, "user:1");
      accounts.run(INSERT, "rights");
      during = changes.catchUp();
      late.commit();
    }
    changes.catchUp();
    assertTrue(revocations.covers(List.of("user:1"), during));
  }

  @Test
  void theRevisionMovesWithRevocationsOnly() {
    changes.catchUp();
    long before = revocations.revision();
    accounts.run(INSERT, "rights");
    changes.catchUp();
    assertEquals(before, revocations.revision());
    accounts.run(INSERT, "credential:token:1");
    changes.catchUp();
    assertTrue(revocations.revision() > before);
  }

  @Test
  void aServerThatStartsKnowsWhatWasRevokedBefore() {
    Seen before = changes.catchUp();
    accounts.run(INSERT, "user:1");
    Revocations fresh = new Revocations();
    new ChangeFeed(test.database(), fresh, TestConfig.defaults()).catchUp();
    assertTrue(fresh.covers(List.of("user:1"), before));
  }

  @Test
  void withoutADatabaseThereIsNothingNew() {
    assertFalse(changes.isCurrent());
    changes.catchUp();
    assertTrue(changes.isCurrent());
    test.close();
    assertThrows(RegistryException.class, changes::catchUp);
  }
}
