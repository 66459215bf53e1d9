package dev.entrepot.database.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Under which identity PostgreSQL's programs run. They refuse to run as root, and {@code initdb}
 * also under a user id without a name, so that a server started as root or in a container under an
 * arbitrary id needs a way around:
 *
 * <ol>
 *   <li>A user namespace without mappings ({@code unshare -U}): the process sees itself as nobody,
 *       the kernel still knows it as who it was, files need no other owner.
 *   <li>Where namespaces are forbidden, as in most containers: another user ({@code setpriv}), who
 *       gets the cluster's files. That user keeps root's right to pass through folders, since a
 *       data directory below {@code /root} could not be reached otherwise.
 * </ol>
 */
final class PostgresUser {
  private static final int SAME = -1;

  private final List<String> prefix;
  private final int uid;

  private PostgresUser(List<String> prefix, int uid) {
    this.prefix = prefix;
    this.uid = uid;
  }

  /** Finds what works here; {@code directory} is one that this process created. */
  static PostgresUser detect(Path directory) throws IOException {
    boolean root = ownerOf(directory) == 0 && System.getProperty("user.name").equals("root");
    boolean nameless = System.getProperty("user.name").equals("?");
    if (!root && !nameless) {
      return new PostgresUser(List.of(), SAME);
    }
    return namespaced()
        .or(() -> root ? unprivileged() : Optional.empty())
        .orElseThrow(
            () ->
                new EmbeddedPostgresException(
                    "PostgreSQL refuses to run as "
                        + (root ? "root" : "a user without a name")
                        + ", and neither unshare -U nor setpriv works here. Start the server as"
                        + " another user, or point entrepot.database.url at an external PostgreSQL."));
  }

  private static Optional<PostgresUser> namespaced() {
    return ifItWorks(new PostgresUser(List.of("unshare", "-U", "--"), SAME));
  }

  private static Optional<PostgresUser> unprivileged() {
    return Stream.of("entrepot", "nobody")
        .flatMap(name -> idOf(name).stream())
        .findFirst()
        .map(PostgresUser::other)
        .flatMap(PostgresUser::ifItWorks);
  }

  private static PostgresUser other(int uid) {
    return new PostgresUser(
        List.of(
            "setpriv",
            "--reuid=" + uid,
            "--regid=" + uid,
            "--clear-groups",
            "--no-new-privs",
            "--inh-caps=-all,+dac_override",
            "--ambient-caps=-all,+dac_override",
            // PostgreSQL asks by access(2) for its programs, which forgets that right otherwise.
            "--securebits=+no_setuid_fixup",
            "--"),
        uid);
  }

  private static Optional<PostgresUser> ifItWorks(PostgresUser user) {
    try {
      Process probe =
          new ProcessBuilder(user.command(List.of("true")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean works = probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
      return works ? Optional.of(user) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // the tool is not installed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The command that runs {@code command} under this identity, in the same process. */
  List<String> command(List<String> command) {
    var all = new ArrayList<String>(prefix);
    all.addAll(command);
    return all;
  }

  /**
   * Gives the file or folder, with all below it, to this identity. Also after a change of identity:
   * a cluster made on a machine with namespaces may be mounted into a container without them.
   */
  void own(Path root) throws IOException {
    int wanted = uid == SAME ? ownerOf(Path.of("/proc/self")) : uid;
    if (prefix.isEmpty() || ownerOf(root) == wanted) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      // The root comes last: its owner says whether all is done.
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.setAttribute(path, "unix:uid", wanted, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private static int ownerOf(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid");
  }

  private static Optional<Integer> idOf(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > 2 && fields[0].equals(name))
          .map(fields -> Integer.valueOf(fields[2]))
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
