package dev.entrepot.database.embedded;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.postgresql.Driver;

/** What is done over a connection right after each start. */
final class DatabaseSetup {
  private static final String NO_SUCH_DATABASE = "3D000";

  private final UnaryOperator<String> jdbcUrl;
  private final String password;

  /**
   * @param jdbcUrl the address of a database by its name
   */
  DatabaseSetup(UnaryOperator<String> jdbcUrl, String password) {
    this.jdbcUrl = jdbcUrl;
    this.password = password;
  }

  /** Makes the database when it is absent and refuses one whose commits may be lost. */
  void createAndCheck() {
    try {
      try {
        check();
      } catch (SQLException e) {
        if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
          throw e;
        }
        create();
        check();
      }
    } catch (SQLException e) {
      throw new EmbeddedPostgresException(
          "PostgreSQL started, but does not answer: " + e.getMessage(), e);
    }
  }

  private void create() throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + PostgresCluster.DATABASE);
    }
  }

  /** Looks at what holds for a session, since roles and databases can have settings as well. */
  private void check() throws SQLException {
    try (Connection connection = connect(PostgresCluster.DATABASE);
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> setting : PostgresServer.DURABLE.entrySet()) {
        try (ResultSet row = statement.executeQuery("SHOW " + setting.getKey())) {
          row.next();
          String value = row.getString(1);
          if (!setting.getValue().equals(value)) {
            throw new EmbeddedPostgresException(
                "PostgreSQL runs with "
                    + setting.getKey()
                    + "="
                    + value
                    + ", so commits could be lost. Undo the ALTER DATABASE or ALTER ROLE that set"
                    + " it.");
          }
        }
      }
    }
  }

  private Connection connect(String database) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", PostgresCluster.USERNAME);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "10");
    Connection connection = new Driver().connect(jdbcUrl.apply(database), properties);
    if (connection == null) {
      throw new SQLException("The driver does not take the address");
    }
    return connection;
  }
}
