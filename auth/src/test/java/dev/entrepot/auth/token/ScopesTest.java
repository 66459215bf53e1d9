package dev.entrepot.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {
  @Test
  void readsTypeNameAndActionsInTheOrderAsked() {
    Scope scope = Scope.parse("repository:acme/app:push,pull");
    assertEquals("repository", scope.type());
    assertEquals("acme/app", scope.name());
    assertEquals(List.of("push", "pull"), List.copyOf(scope.words()));
  }

  @Test
  void aNameMayHoldAHostAndItsPort() {
    Scope scope = Scope.parse("repository:example.com:5000/acme/app:pull");
    assertEquals("example.com:5000/acme/app", scope.name());
    assertEquals(Optional.of("example.com:5000/acme/app"), scope.repository());
  }

  @Test
  void aClassIsReadAndWrittenBack() {
    Scope scope = Scope.parse("repository(plugin):acme/app:pull");
    assertEquals("plugin", scope.resourceClass());
    assertEquals(Set.of(Action.PULL), scope.asked());
    assertEquals("repository(plugin):acme/app:pull", scope.toString());
    assertEquals("repository", scope.granted(Set.of(Action.PULL)).type());
  }

  @Test
  void theCatalogueIsAskedForByAStar() {
    assertEquals(Set.of(Action.CATALOG), Scope.parse("registry:catalog:*").asked());
    assertEquals(Set.of(), Scope.parse("registry:catalog:pull").asked());
    assertEquals(Set.of(), Scope.parse("registry:other:*").asked());
    assertEquals(Optional.empty(), Scope.parse("registry:catalog:*").repository());
  }

  @Test
  void libraryIsLeftOutForRightsAndEchoed() {
    Scope scope = Scope.parse("repository:library/nginx:pull");
    assertEquals(Optional.of("nginx"), scope.repository());
    Access granted = scope.granted(Set.of(Action.PULL));
    assertEquals("library/nginx", granted.name());
    assertTrue(granted.isFor("nginx"));
    assertFalse(granted.isFor("library/nginx"));
    assertEquals("library/a/b", Access.canonical("library/a/b"));
    assertEquals("library/", Access.canonical("library/"));
    assertEquals("mylibrary/a", Access.canonical("mylibrary/a"));
    assertFalse(new Access("registry", "catalog", Set.of()).isFor("catalog"));
  }

  @Test
  void aStarIsTheContentAndNotWhoMayDoWhat() {
    assertEquals(
        Set.of(Action.PULL, Action.PUSH, Action.RETAG, Action.SIGN, Action.DELETE, Action.SCAN),
        Scope.parse("repository:a:*").asked());
  }

  @Test
  void wordsThatAreNoActionsOfARepositoryAskForNothing() {
    assertEquals(
        Set.of(Action.PULL), Scope.parse("repository:a:frobnicate,ping,catalog,pull").asked());
    assertEquals(Set.of(), Scope.parse("tape:a:pull,push").asked());
  }

  @Test
  void whatComesWithAPushIsAskedAndToldApart() {
    Scope scope = Scope.parse("repository:a:pull,push,scan");
    assertEquals(
        Set.of(Action.PULL, Action.PUSH, Action.RETAG, Action.SIGN, Action.SCAN), scope.asked());
    Access granted = scope.granted(Set.of(Action.PULL, Action.PUSH, Action.RETAG, Action.SCAN));
    assertEquals(Set.of(Action.PULL, Action.PUSH, Action.RETAG, Action.SCAN), granted.actions());
    assertEquals(Set.of(Action.RETAG), granted.implied());
  }

  @Test
  void withoutThePushNothingComesWithIt() {
    Scope scope = Scope.parse("repository:a:pull,push");
    assertEquals(
        new Access("repository", "a", Set.of(Action.PULL)),
        scope.granted(Set.of(Action.PULL, Action.RETAG, Action.SIGN, Action.DELETE)));
    assertEquals(new Access("repository", "a", Set.of()), scope.granted(Set.of()));
  }

  @Test
  void scopesComeAsParametersOrWithSpacesOrBoth() {
    List<Scope> scopes =
        Scopes.parse(List.of("repository:a:pull  repository:b:push", "", "registry:catalog:*"));
    assertEquals(
        List.of("repository:a:pull", "repository:b:push", "registry:catalog:*"),
        scopes.stream().map(Scope::toString).toList());
    assertEquals(List.of(), Scopes.parse(List.of()));
    assertEquals(List.of(), Scopes.parse(List.of("")));
  }

  @Test
  void whatIsAskedTwiceOfAResourceIsPutTogether() {
    assertEquals(
        List.of("repository:a:pull,push", "repository:library/a:pull"),
        Scopes.parse(List.of("repository:a:pull repository:library/a:pull repository:a:push,pull"))
            .stream()
            .map(Scope::toString)
            .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repository",
        "repository:a",
        "repository:a:",
        "repository::pull",
        ":a:pull",
        "Repository:a:pull",
        "repository():a:pull",
        "repository(a:a:pull",
        "repository:a:pull,",
        "repository:a:,pull",
        "repository:a:PULL",
        "repository:a:**",
        "repository:a\u0000b:pull",
        "repository:a\"b:pull",
        "repository:ä:pull",
        "repository:/a:pull",
        "repository:a:pull\n",
        "repository:a\tb:pull",
      })
  void malformedScopesAreRefused(String text) {
    assertThrows(MalformedScopeException.class, () -> Scope.parse(text));
  }

  @Test
  void lengthAndNumberAreLimited() {
    String longest = "repository:" + "a".repeat(Scope.MAX_LENGTH - 16) + ":pull";
    assertEquals(Scope.MAX_LENGTH, Scope.parse(longest).toString().length());
    assertThrows(MalformedScopeException.class, () -> Scope.parse("r" + longest));
    List<String> many = IntStream.range(0, 33).mapToObj(i -> "repository:a" + i + ":pull").toList();
    assertEquals(32, Scopes.parse(many.subList(0, 32)).size());
    assertThrows(MalformedScopeException.class, () -> Scopes.parse(many));
    assertThrows(
        MalformedScopeException.class,
        () -> Scopes.parse(List.of(" ".repeat(4000), " ".repeat(97))));
    assertThrows(
        MalformedScopeException.class,
        () -> Scope.parse("repository:a:" + "pull,".repeat(16) + "pull"));
  }

  @Property
  void whatIsWrittenIsRead(@ForAll("scopes") Scope scope) {
    assertEquals(scope, Scope.parse(scope.toString()));
  }

  @Property
  void neverMoreIsGrantedThanAskedAndAllowed(
      @ForAll("scopes") Scope scope, @ForAll Set<Action> allowed) {
    Access granted = scope.granted(allowed);
    assertTrue(allowed.containsAll(granted.actions()));
    assertTrue(scope.asked().containsAll(granted.actions()));
    Set<Action> both = EnumSet.noneOf(Action.class);
    both.addAll(scope.asked());
    both.retainAll(allowed);
    both.removeAll(granted.actions());
    assertTrue(both.isEmpty() || !allowed.contains(Action.PUSH));
  }

  @Provide
  Arbitrary<Scope> scopes() {
    return Combinators.combine(
            Arbitraries.of("repository", "registry", "other"),
            Arbitraries.of("plugin", "").map(c -> c.isEmpty() ? null : c).injectNull(0.5),
            Arbitraries.of("a", "acme/app", "host:5000/x", "library/x", "catalog"),
            Arbitraries.of("pull", "push", "delete", "*", "retag", "sign", "other")
                .set()
                .ofMinSize(1)
                .ofMaxSize(5))
        .as(Scope::new);
  }
}
