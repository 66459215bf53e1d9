package dev.entrepot.auth;

import static dev.entrepot.auth.Rights.Identity.ADMINISTRATOR;
import static dev.entrepot.auth.Rights.Identity.ANONYMOUS;
import static dev.entrepot.auth.Rights.Identity.ROBOT;
import static dev.entrepot.auth.Rights.Identity.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RightsTest {
  @ParameterizedTest
  @CsvSource({
    "ANONYMOUS, PUBLIC, true",
    "ANONYMOUS, INTERNAL, false",
    "ANONYMOUS, PRIVATE, false",
    "USER, PUBLIC, true",
    "USER, INTERNAL, true",
    "USER, PRIVATE, false",
    "ROBOT, PUBLIC, true",
    "ROBOT, INTERNAL, false",
    "ROBOT, PRIVATE, false",
  })
  void withoutARoleTheVisibilityDecidesWhoPulls(
      Rights.Identity identity, Visibility visibility, boolean pulls) {
    assertEquals(
        pulls ? Set.of(Action.PULL) : Set.of(), Rights.of(identity, null, visibility, true));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aRoleGivesItsActionsInAPrivateRepository(Role role) {
    assertEquals(role.actions(), Rights.of(USER, role, Visibility.PRIVATE, false));
    assertEquals(role.actions(), Rights.of(ROBOT, role, Visibility.PRIVATE, false));
  }

  @ParameterizedTest
  @EnumSource(Visibility.class)
  void administratorsMayDoEverythingWithoutARole(Visibility visibility) {
    assertEquals(Role.ADMIN.actions(), Rights.of(ADMINISTRATOR, null, visibility, false));
    assertEquals(Role.ADMIN.actions(), Rights.of(ADMINISTRATOR, Role.READ, visibility, false));
  }

  @Test
  void whereThereIsNoRepositoryOnlyCreatorsMayWrite() {
    assertEquals(Set.of(), Rights.of(USER, Role.ADMIN, null, false));
    assertEquals(Role.WRITE.actions(), Rights.of(USER, null, null, true));
    assertEquals(Set.of(), Rights.of(ANONYMOUS, null, null, false));
    assertEquals(Role.WRITE.actions(), Rights.of(ADMINISTRATOR, null, null, false));
  }
}
