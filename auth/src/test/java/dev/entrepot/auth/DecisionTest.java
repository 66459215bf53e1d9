package dev.entrepot.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionTest {
  @Test
  void splitsWhatWasAskedAndAddsNothing() {
    Decision decision =
        Decision.of(Set.of(Action.PULL, Action.PUSH), Set.of(Action.PULL, Action.ADMINISTER), true);
    assertEquals(Set.of(Action.PULL), decision.allowed());
    assertEquals(Set.of(Action.PUSH), decision.denied());
    assertTrue(decision.visible());
  }

  @Test
  void allowsOnlyWhenAllThatWasAskedIsAllowed() {
    assertTrue(Decision.of(Set.of(Action.PULL), Set.of(Action.PULL), true).allows());
    assertFalse(Decision.of(Set.of(Action.PULL, Action.PUSH), Set.of(Action.PULL), true).allows());
    assertFalse(Decision.of(Set.of(Action.PULL), Set.of(), false).allows());
  }
}
