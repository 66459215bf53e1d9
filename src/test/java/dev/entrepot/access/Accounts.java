package dev.entrepot.access;

import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import org.jspecify.annotations.Nullable;

/** Rows of accounts, as tests need them. */
public final class Accounts {
  private final Database database;

  public Accounts(Database database) {
    this.database = database;
  }

  /** A user with a namespace. */
  public Subject user(String name) {
    long id = namespace(name, "user");
    run("INSERT INTO user_account (id) VALUES (?)", id);
    return new Subject(Subject.Kind.USER, id, name, "password", Limits.NONE);
  }

  public long organisation(String name) {
    return namespace(name, "organisation");
  }

  public long team(long organisation, String name, Subject... members) {
    long id =
        id(
            "INSERT INTO team (organisation_id, name) VALUES (?, ?) RETURNING id",
            organisation,
            name);
    for (Subject member : members) {
      run("INSERT INTO team_member (team_id, user_id) VALUES (?, ?)", id, member.id());
    }
    return id;
  }

  public void member(long organisation, Subject user, boolean owner) {
    run(
        "INSERT INTO organisation_member (organisation_id, user_id, owner) VALUES (?, ?, ?)",
        organisation,
        user.id(),
        owner);
  }

  public Subject robot(long organisation, String name) {
    long id =
        id(
            "INSERT INTO robot (organisation_id, name) VALUES (?, ?) RETURNING id",
            organisation,
            name);
    return new Subject(Subject.Kind.ROBOT, id, name, "token:1", Limits.NONE);
  }

  /** A repository that holds a manifest. */
  public long repository(String name, String visibility) {
    long id =
        id(
            "INSERT INTO repository (name, visibility) VALUES (?, ?) RETURNING id",
            name,
            visibility);
    run(
        "INSERT INTO manifest (repository_id, digest, media_type, content)"
            + " VALUES (?, decode('01' || repeat('00', 32), 'hex'), 'x', 'x')",
        id);
    return id;
  }

  public void grant(
      String role,
      @Nullable Long namespace,
      @Nullable Long repository,
      @Nullable Subject subject,
      @Nullable Long team) {
    boolean robot = subject != null && subject.kind() == Subject.Kind.ROBOT;
    run(
        "INSERT INTO role_grant (role, namespace_id, repository_id, user_id, robot_id, team_id)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        role,
        namespace,
        repository,
        subject == null || robot ? null : (Long) subject.id(),
        robot ? (Long) subject.id() : null,
        team);
  }

  public void run(String sql, @Nullable Object... arguments) {
    database.transact(connection -> Sql.update(connection, sql, arguments));
  }

  private long namespace(String name, String kind) {
    return id("INSERT INTO namespace (name, kind) VALUES (?, ?) RETURNING id", name, kind);
  }

  private long id(String sql, Object... arguments) {
    return database.transact(
        connection -> Sql.find(connection, sql, row -> row.getLong(1), arguments).orElseThrow());
  }
}
