package dev.entrepot.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoleTest {
  @Test
  void readPullsAndNothingElse() {
    assertEquals(Set.of(Action.PULL), Role.READ.actions());
  }

  @Test
  void writeDoesNotDelete() {
    assertEquals(
        Set.of(Action.PULL, Action.PUSH, Action.RETAG, Action.SIGN, Action.SCAN),
        Role.WRITE.actions());
  }

  @Test
  void maintainAddsDeletingAndSettings() {
    Set<Action> expected = EnumSet.copyOf(Role.WRITE.actions());
    expected.add(Action.DELETE);
    expected.add(Action.SETTINGS);
    assertEquals(expected, Role.MAINTAIN.actions());
  }

  @Test
  void adminDoesAllThatConcernsARepository() {
    assertEquals(
        EnumSet.complementOf(EnumSet.of(Action.PING, Action.CATALOG)), Role.ADMIN.actions());
  }

  @Test
  void eachRoleMayDoWhatThoseBeforeItMay() {
    for (int i = 1; i < Role.values().length; i++) {
      assertTrue(Role.values()[i].actions().containsAll(Role.values()[i - 1].actions()));
    }
  }

  @Test
  void theGreaterRoleCounts() {
    assertEquals(Role.MAINTAIN, Role.greater(Role.READ, Role.MAINTAIN));
    assertEquals(Role.MAINTAIN, Role.greater(Role.MAINTAIN, Role.READ));
    assertEquals(Role.READ, Role.greater(null, Role.READ));
    assertEquals(Role.READ, Role.greater(Role.READ, null));
    assertNull(Role.greater(null, null));
  }

  @Test
  void rolesVisibilitiesAndActionsAreFoundByTheirText() {
    for (Role role : Role.values()) {
      assertEquals(Optional.of(role), Role.find(role.text()));
    }
    for (Visibility visibility : Visibility.values()) {
      assertEquals(Optional.of(visibility), Visibility.find(visibility.text()));
    }
    for (Action action : Action.values()) {
      assertEquals(Optional.of(action), Action.find(action.text()));
    }
    assertEquals("maintain", Role.MAINTAIN.text());
    assertEquals("internal", Visibility.INTERNAL.text());
    assertEquals("administer", Action.ADMINISTER.text());
  }

  @Test
  void otherTextsAreNone() {
    assertEquals(Optional.empty(), Role.find("ADMIN"));
    assertEquals(Optional.empty(), Role.find(""));
    assertEquals(Optional.empty(), Visibility.find("Public"));
    assertEquals(Optional.empty(), Action.find("*"));
  }
}
