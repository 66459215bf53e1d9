package dev.entrepot.accounts;

import dev.entrepot.conformance.support.RegistryServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The table of docs/security/rights.md. */
final class RightsTable {
  private static final Path PAGE = Path.of("docs", "security", "rights.md");
  private static final int CONDITIONS = 3;

  private RightsTable() {}

  /**
   * What somebody may do in a repository.
   *
   * @param identity who asks
   * @param role what they were given in the repository; {@code none} for nothing
   * @param repository its visibility; or that it is absent, and whether they may make it
   * @param cells for each action of the table, whether they may
   */
  record Row(String identity, String role, String repository, Map<String, Boolean> cells) {
    boolean isAnonymous() {
      return identity.equals("anonymous");
    }

    boolean isAbsent() {
      return repository.startsWith("absent");
    }

    boolean mayCreate() {
      return repository.endsWith("may create");
    }

    boolean allows(String action) {
      return cells.get(action);
    }

    /** All actions that the row allows. */
    Set<String> allowed() {
      Set<String> allowed = new TreeSet<>(cells.keySet());
      allowed.removeIf(action -> !cells.get(action));
      return allowed;
    }

    @Override
    public String toString() {
      return identity + ", role " + role + ", " + repository;
    }
  }

  static List<Row> rows() {
    List<List<String>> lines = lines();
    List<String> names = lines.getFirst();
    // The second line is the one under the names.
    return lines.stream().skip(2).map(cells -> row(names, cells)).toList();
  }

  private static Row row(List<String> names, List<String> cells) {
    Map<String, Boolean> allowed = new LinkedHashMap<>();
    for (int i = CONDITIONS; i < names.size(); i++) {
      allowed.put(names.get(i), cells.get(i).equals("yes"));
    }
    return new Row(cells.get(0), cells.get(1), cells.get(2), allowed);
  }

  private static List<List<String>> lines() {
    try {
      return Files.readAllLines(RegistryServer.projectRoot().resolve(PAGE), StandardCharsets.UTF_8)
          .stream()
          .dropWhile(line -> !line.startsWith("| identity"))
          .takeWhile(line -> line.startsWith("|"))
          .map(line -> line.substring(1, line.length() - 1).split("\\|", -1))
          .map(cells -> Arrays.stream(cells).map(String::strip).toList())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
