package dev.entrepot.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.entrepot.auth.Rights.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the rules to the table that people read: every cell of docs/security/rights.md. */
class RightsTableTest {
  private static final Path PAGE = Path.of("..", "docs", "security", "rights.md");

  @TestFactory
  Stream<DynamicTest> eachCellIsAsThePageSays() throws IOException {
    List<List<String>> table = table();
    List<String> actions = table.getFirst().subList(3, table.getFirst().size());
    return table.stream()
        .skip(2) // names, line
        .flatMap(
            row ->
                actions.stream()
                    .map(
                        action ->
                            dynamicTest(
                                String.join(" ", row.subList(0, 3)) + ": " + action,
                                () ->
                                    assertEquals(
                                        row.get(3 + actions.indexOf(action)).equals("yes"),
                                        allowed(row)
                                            .contains(Action.find(action).orElseThrow())))));
  }

  @Test
  void pageHasARowForEveryCase() throws IOException {
    List<List<String>> cases = table().stream().skip(2).map(row -> row.subList(0, 3)).toList();
    // nobody without an account has a role or creates; administrators need neither
    int others = 2 * (3 * (1 + Role.values().length) + 2);
    assertEquals(4 + others + 4, cases.size());
    assertEquals(cases.size(), Set.copyOf(cases).size());
  }

  @Test
  void pageHasAColumnForEveryActionInARepository() throws IOException {
    Set<Action> inRepositories = EnumSet.allOf(Action.class);
    inRepositories.removeAll(Set.of(Action.PING, Action.CATALOG));
    assertEquals(
        inRepositories.stream().map(Action::text).toList(),
        table().getFirst().subList(3, table().getFirst().size()).stream()
            .sorted((a, b) -> Action.find(a).orElseThrow().compareTo(Action.find(b).orElseThrow()))
            .toList());
  }

  private static Set<Action> allowed(List<String> row) {
    boolean absent = row.get(2).startsWith("absent");
    return Rights.of(
        Identity.valueOf(row.get(0).toUpperCase(Locale.ROOT)),
        Role.find(row.get(1)).orElse(null),
        absent ? null : Visibility.find(row.get(2)).orElseThrow(),
        row.get(2).endsWith("may create"));
  }

  /** The cells of the page's last table, its names first. */
  private static List<List<String>> table() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| identity")) {
        rows.clear();
      }
      if (line.startsWith("|")) {
        rows.add(
            Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList());
      }
    }
    return rows;
  }
}
