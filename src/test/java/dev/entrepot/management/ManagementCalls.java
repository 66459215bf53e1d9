package dev.entrepot.management;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls to the management API, and what a test needs to be there. */
public abstract class ManagementCalls {
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Of all users but the first. */
  protected static final String PASSWORD = "a rather long passphrase";

  @Inject protected Database database;

  protected String user() {
    String name = name();
    as("admin")
        .body("{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD))
        .post("/users")
        .then()
        .statusCode(201);
    return name;
  }

  protected String organisation(String owner) {
    String name = name();
    as("admin")
        .body("{\"name\":\"%s\",\"owner\":\"%s\"}".formatted(name, owner))
        .post("/organisations")
        .then()
        .statusCode(201);
    return name;
  }

  protected String robot(String organisation, String owner) {
    String name = name();
    as(owner)
        .body("{\"name\":\"%s\"}".formatted(name))
        .post("/organisations/" + organisation + "/robots")
        .then()
        .statusCode(201);
    return name;
  }

  /** A repository, as if it had been pushed to, with a manifest. */
  protected String repository(String namespace) {
    String name = namespace + "/" + name();
    database.transact(
        c -> {
          Sql.update(c, "INSERT INTO repository (name) VALUES (?)", name);
          return null;
        });
    return name;
  }

  /**
   * The statuses of requests that are all let in and then wait for the same rows.
   *
   * @param lock a statement that locks the rows
   */
  protected List<Integer> whileLocked(String lock, List<Callable<Integer>> requests)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers =
          database.transact(
              c -> {
                Sql.exists(c, lock);
                var sent = requests.stream().map(threads::submit).toList();
                await().until(() -> waiting() == requests.size());
                return sent;
              });
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> answer : answers) {
        statuses.add(answer.get());
      }
      return statuses.stream().sorted().toList();
    }
  }

  private int waiting() {
    return database
        .read(
            c ->
                Sql.find(
                    c,
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
                    row -> row.getInt(1)))
        .orElseThrow();
  }

  protected static String name() {
    return "n" + COUNT.incrementAndGet();
  }

  protected long id(String user) {
    return database
        .read(
            c ->
                Sql.find(c, "SELECT id FROM namespace WHERE name = ?", row -> row.getLong(1), user))
        .orElseThrow();
  }

  /** How often all servers were told. */
  protected int changed(String what) {
    return database
        .read(
            c ->
                Sql.find(
                    c,
                    "SELECT count(*) FROM access_change WHERE what = ?",
                    row -> row.getInt(1),
                    what))
        .orElseThrow();
  }

  protected static RequestSpecification as(String caller) {
    return given()
        .basePath("/api/v1")
        .contentType("application/json")
        .header(ManagementServer.CALLER, caller);
  }
}
