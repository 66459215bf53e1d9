package dev.entrepot.tagrule;

import static dev.entrepot.tag.AtOnce.atOnce;
import static dev.entrepot.tag.ContentCore.TESTER;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.database.Sql;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.management.IfMatch;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.tag.ContentCore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(120)
class TagRuleServiceIT {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static TestDatabase postgres;
  private static ContentCore core;
  private static TagRuleService rules;

  private String namespace;
  private RepositoryName repository;
  private Digest first;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open().withoutDeadlockDetection();
    core = new ContentCore(postgres.database());
    rules = new TagRuleService(postgres.database());
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @BeforeEach
  void pushOne() {
    namespace = "n" + COUNT.incrementAndGet();
    repository = name(namespace + "/app");
    core.database.read(
        connection ->
            Sql.update(
                connection,
                "INSERT INTO namespace (name, kind) VALUES (?, 'organisation')",
                namespace));
    first = core.pushImage(repository, "first", "v1", "latest");
  }

  @Test
  void aTagOfAPatternIsNotMoved() {
    long id = rules.add(ofRepository(), new TagPattern("v*"), TESTER).id();
    RegistryException denied = denied(() -> core.pushImage(repository, "second", "v1"));
    assertEquals(
        Map.of(
            "tag", "v1", "rule", "v*", "ruleId", id, "setOn", "repository " + repository.value()),
        denied.detail());
    assertEquals(Optional.of(first), core.tags.find(repository, tag("v1")));
  }

  @Test
  void otherTagsMove() {
    rules.add(ofRepository(), new TagPattern("v*"), TESTER);
    Digest second = core.pushImage(repository, "second", "latest", "v2");
    assertEquals(Optional.of(second), core.tags.find(repository, tag("latest")));
    assertEquals(Optional.of(second), core.tags.find(repository, tag("v2")));
  }

  @Test
  void whereOneTagMayNotMoveNoneOfThePushDoes() {
    rules.add(ofRepository(), new TagPattern("v*"), TESTER);
    denied(() -> core.pushImage(repository, "second", "latest", "v1", "new"));
    assertEquals(Optional.of(first), core.tags.find(repository, tag("latest")));
    assertTrue(core.tags.find(repository, tag("new")).isEmpty());
  }

  @Test
  void theSamePushOnceMoreIsFine() {
    rules.add(ofRepository(), new TagPattern("*"), TESTER);
    assertEquals(first, core.pushImage(repository, "first", "v1", "latest"));
  }

  @Test
  void aTagOfAPatternIsNotDeleted() {
    rules.add(ofRepository(), new TagPattern("v1"), TESTER);
    denied(() -> core.tags.delete(repository, tag("v1"), ContentCore.actor("tester")));
    assertEquals(Optional.of(first), core.tags.find(repository, tag("v1")));
    core.tags.delete(repository, tag("latest"), ContentCore.actor("tester"));
  }

  @Test
  void aManifestWhoseTagIsKeptIsNotDeleted() {
    rules.add(ofRepository(), new TagPattern("v1"), TESTER);
    RegistryException denied = denied(() -> core.delete(repository, first));
    assertTrue(denied.getMessage().contains("tag v1"), denied.getMessage());
    assertTrue(core.manifests.find(repository, first).isPresent());
  }

  @Test
  void aRuleOfTheNamespaceHoldsInItsRepositoriesAndNoOthers() {
    rules.add(ofNamespace(), new TagPattern("v*"), TESTER);
    RegistryException denied = denied(() -> core.pushImage(repository, "second", "v1"));
    assertTrue(denied.getMessage().contains("namespace " + namespace), denied.getMessage());
    RepositoryName other = name(namespace + "x/app");
    core.pushImage(other, "first", "v1");
    core.pushImage(other, "second", "v1");
  }

  @Test
  void aRuleOfOneRepositoryHoldsInNoOther() {
    rules.add(ofRepository(), new TagPattern("*"), TESTER);
    RepositoryName other = name(namespace + "/other");
    core.pushImage(other, "first", "v1");
    core.pushImage(other, "second", "v1");
  }

  @Test
  void aRuleThatIsGoneIsNotHeeded() {
    long id = rules.add(ofRepository(), new TagPattern("v*"), TESTER).id();
    assertProblem(Problem.NOT_FOUND, () -> rules.remove(ofNamespace(), id, IfMatch.ANY, TESTER));
    rules.remove(ofRepository(), id, IfMatch.ANY, TESTER);
    assertProblem(Problem.NOT_FOUND, () -> rules.remove(ofRepository(), id, IfMatch.ANY, TESTER));
    core.pushImage(repository, "second", "v1");
  }

  @Test
  void rulesAreListedByOwnerPageByPage() {
    long one = rules.add(ofRepository(), new TagPattern("a"), TESTER).id();
    long two = rules.add(ofRepository(), new TagPattern("b*"), TESTER).id();
    rules.add(ofNamespace(), new TagPattern("c"), TESTER);
    assertEquals(List.of(one), ids(rules.list(ofRepository(), 0, 1)));
    assertEquals(List.of(two), ids(rules.list(ofRepository(), one, 10)));
    assertEquals("c", rules.list(ofNamespace(), 0, 10).getFirst().pattern().text());
  }

  @Test
  void nobodyOwnsNoRule() {
    TagRule.Owner nobody = new TagRule.Owner(TagRule.Kind.REPOSITORY, "no/body");
    assertProblem(Problem.NOT_FOUND, () -> rules.add(nobody, new TagPattern("v*"), TESTER));
    assertProblem(Problem.NOT_FOUND, () -> rules.list(nobody, 0, 1));
  }

  @Test
  void anOwnerHasOneRuleOfAPattern() {
    rules.add(ofRepository(), new TagPattern("v*"), TESTER);
    assertProblem(Problem.CONFLICT, () -> rules.add(ofRepository(), new TagPattern("v*"), TESTER));
    rules.add(ofNamespace(), new TagPattern("v*"), TESTER);
  }

  @Test
  void anOwnerHasOnlySoManyRules() {
    for (int i = 0; i < TagRuleService.MAX_RULES; i++) {
      rules.add(ofRepository(), new TagPattern("r" + i), TESTER);
    }
    assertProblem(
        Problem.CONFLICT, () -> rules.add(ofRepository(), new TagPattern("more"), TESTER));
  }

  @Test
  void onceARuleIsMadeNoTagMovesAnyMore() throws Exception {
    Digest a = core.pushImage(repository, "a", "v1");
    Digest b = core.pushImage(repository, "b", "other");
    for (int round = 0; round < 25; round++) {
      AtomicReference<Digest> whenMade = new AtomicReference<>();
      AtomicReference<Long> rule = new AtomicReference<>();
      atOnce(
          6,
          thread -> {
            if (thread == 0) {
              rule.set(rules.add(ofRepository(), new TagPattern("v*"), TESTER).id());
              whenMade.set(core.tags.find(repository, tag("v1")).orElseThrow());
            } else {
              moveUntilDenied(thread);
            }
            return null;
          });
      assertEquals(Optional.of(whenMade.get()), core.tags.find(repository, tag("v1")));
      rules.remove(ofRepository(), rule.get(), IfMatch.ANY, TESTER);
    }
    assertFalse(a.equals(b));
  }

  private void moveUntilDenied(int thread) {
    try {
      for (int move = 0; ; move++) {
        core.push(repository, ContentCore.image((move + thread) % 2 == 0 ? "a" : "b"), "v1");
        core.push(repository, ContentCore.image((move + thread) % 2 == 0 ? "b" : "a"), "v1");
      }
    } catch (RegistryException e) {
      assertEquals(ErrorCode.DENIED, e.code());
    }
  }

  private TagRule.Owner ofRepository() {
    return new TagRule.Owner(TagRule.Kind.REPOSITORY, repository.value());
  }

  private TagRule.Owner ofNamespace() {
    return new TagRule.Owner(TagRule.Kind.NAMESPACE, namespace);
  }

  private static List<Long> ids(List<TagRule> rules) {
    return rules.stream().map(TagRule::id).toList();
  }

  private static void assertProblem(Problem problem, Executable work) {
    assertEquals(problem, assertThrows(ProblemException.class, work).problem());
  }

  private static RegistryException denied(Executable work) {
    RegistryException denied = assertThrows(RegistryException.class, work);
    assertEquals(ErrorCode.DENIED, denied.code());
    return denied;
  }
}
