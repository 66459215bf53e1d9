package dev.entrepot.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.entrepot.accounts.RightsTable.Row;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every cell of docs/security/rights.md, asked of a running server: by what a token holds, and by
 * the request itself. Each row has a repository of its own.
 */
@OwnServer
@ExtendWith(SharedServer.class)
@Section("Promise > Rights")
class RightsMatrixIT {
  /** What {@code *} leaves out, which is about others' rights and not about content. */
  private static final Set<String> BESIDE_CONTENT = Set.of("settings", "approve", "administer");

  private static Registry registry;
  private static RightsActors actors;

  @BeforeAll
  static void createActors(Accounts accounts) {
    registry = accounts.registry();
    actors = RightsActors.create(accounts);
  }

  @TestFactory
  Stream<DynamicContainer> everyCellIsAsThePageSays() {
    return RightsTable.rows().stream().map(row -> dynamicContainer(row.toString(), tests(row)));
  }

  // Tokens first: the requests change the repository.
  private static Stream<DynamicTest> tests(Row row) {
    RightsCase theCase = new RightsCase(registry, row, actors);
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(dynamicTest("is set up", theCase::prepare));
    for (String action : row.cells().keySet()) {
      tests.add(
          dynamicTest(
              "token for " + action,
              () ->
                  assertThat(theCase.token(action).contains(action))
                      .isEqualTo(row.allows(action))));
    }
    tests.add(
        dynamicTest(
            "token for all actions at once",
            () ->
                assertThat(theCase.token(String.join(",", row.cells().keySet())))
                    .isEqualTo(row.allowed())));
    tests.add(
        dynamicTest(
            "token for *",
            () -> {
              Set<String> content = new TreeSet<>(row.allowed());
              content.removeAll(BESIDE_CONTENT);
              assertThat(theCase.token("*")).isEqualTo(content);
            }));
    theCase.requests().forEach((name, check) -> tests.add(dynamicTest("request: " + name, check)));
    return tests.stream();
  }
}
