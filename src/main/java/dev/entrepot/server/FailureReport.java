package dev.entrepot.server;

import dev.entrepot.config.ConfigurationException;
import dev.entrepot.database.embedded.EmbeddedPostgresException;
import dev.entrepot.error.StartupException;
import io.quarkus.runtime.QuarkusBindException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells the operator why the server did not start. */
public final class FailureReport {
  private FailureReport() {}

  /** A line where the cause is one that the operator can do something about, else all there is. */
  public static void print(Throwable failure) {
    Optional<String> known = causes(failure).flatMap(cause -> explain(cause).stream()).findFirst();
    if (known.isPresent()) {
      known.get().lines().forEach(line -> System.err.println("entrepot: " + line));
    } else {
      System.err.println("entrepot: the server could not start:");
      failure.printStackTrace();
    }
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(100);
  }

  private static String cause(QuarkusBindException e) {
    return String.valueOf(e.getMessage()).replaceFirst(".*: ", "");
  }

  private static Optional<String> explain(Throwable cause) {
    return switch (cause) {
      case StartupException e -> Optional.ofNullable(e.getMessage());
      case EmbeddedPostgresException e -> Optional.ofNullable(e.getMessage());
      case ConfigurationException e -> Optional.ofNullable(e.getMessage());
      case QuarkusBindException e ->
          Optional.of(
              "Cannot listen on "
                  + e.getHost()
                  + ":"
                  + e.getPort()
                  + " ("
                  + cause(e)
                  + "). Stop the process that has the port, or choose others with --port or"
                  + " --host.");
      case SQLException e ->
          Optional.of(
              "The database cannot be used: "
                  + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                  + ". Check entrepot.database.url, its username and its password.");
      default -> Optional.empty();
    };
  }
}
