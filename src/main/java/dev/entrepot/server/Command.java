package dev.entrepot.server;

import dev.entrepot.config.EntrepotConfig;
import java.io.IOException;
import java.sql.SQLException;

/** Something that the program does instead of serving. */
@FunctionalInterface
interface Command {
  /** What it was to do is done, or found sound. */
  int DONE = 0;

  /** What it looked at is not as it should be. */
  int FAULTY = 1;

  /** It could not be done, and nothing can be said. */
  int UNABLE = 2;

  /**
   * Does it.
   *
   * @return the exit status
   * @throws dev.entrepot.error.StartupException when it cannot be done, saying why and what to do
   */
  int run(Arguments arguments, EntrepotConfig settings) throws SQLException, IOException;
}
