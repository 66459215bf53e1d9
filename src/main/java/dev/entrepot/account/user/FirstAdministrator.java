package dev.entrepot.account.user;

import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.database.Database;
import dev.entrepot.database.Sql;
import dev.entrepot.error.StartupException;
import dev.entrepot.management.ProblemException;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Makes the user who makes all others, when there is none yet. */
@Singleton
class FirstAdministrator {
  static final String NAME = "admin";
  static final String FILE = "initial-admin-password";

  /** Nothing that looks like something else when it is read from a screen. */
  private static final String DIGITS = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

  private static final int LENGTH = 24;
  private static final long LOCK = 0x61646d696e697374L; // any number that nobody else locks

  private final UserService users;
  private final Database database;
  private final EntrepotConfig config;

  FirstAdministrator(UserService users, Database database, EntrepotConfig config) {
    this.users = users;
    this.database = database;
    this.config = config;
  }

  void start(@Observes StartupEvent event) {
    if (config.auth().mode() == AuthConfig.Mode.ON && !hasUsers()) {
      database.transact(this::createUnlessAnotherServerDoes);
    }
  }

  /** Holds a lock while the account is made in a transaction of its own. */
  private boolean createUnlessAnotherServerDoes(Connection transaction) throws SQLException {
    Sql.exists(transaction, "SELECT pg_advisory_xact_lock(?)", LOCK);
    if (hasUsers()) {
      return false;
    }
    Optional<String> preset = config.auth().adminPassword();
    if (preset.isPresent()) {
      create(preset.get());
    } else {
      createWithRandomPassword();
    }
    return true;
  }

  private boolean hasUsers() {
    return database.read(connection -> Sql.exists(connection, "SELECT FROM user_account LIMIT 1"));
  }

  /** The file comes first: else a crash in between leaves a user whose password nobody knows. */
  private void createWithRandomPassword() {
    Path file = config.dataDir().resolve(FILE);
    String password = random();
    write(file, password);
    create(password);
    System.out.println(
        "Made the first administrator: user "
            + NAME
            + ", password "
            + password
            + ", also in "
            + file);
  }

  private void create(String password) {
    try {
      users.create(new NewUser(NAME, null, password, true));
    } catch (ProblemException e) {
      throw new StartupException("entrepot.auth.admin-password: " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String password) {
    try {
      Files.deleteIfExists(file); // of a start that failed; it may have other permissions
      var owner =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      try (var channel =
          Files.newByteChannel(
              file,
              Set.copyOf(EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)),
              owner)) {
        channel.write(StandardCharsets.US_ASCII.encode(password + "\n"));
      }
    } catch (FileAlreadyExistsException e) {
      throw new StartupException(file + " comes back; two servers must not share a directory", e);
    } catch (IOException e) {
      throw new StartupException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static String random() {
    var random = new SecureRandom();
    var text = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return text.toString();
  }
}
