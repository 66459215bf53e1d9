package dev.entrepot.auth;

import static dev.entrepot.auth.Action.ADMINISTER;
import static dev.entrepot.auth.Action.APPROVE;
import static dev.entrepot.auth.Action.DELETE;
import static dev.entrepot.auth.Action.PULL;
import static dev.entrepot.auth.Action.PUSH;
import static dev.entrepot.auth.Action.RETAG;
import static dev.entrepot.auth.Action.SCAN;
import static dev.entrepot.auth.Action.SETTINGS;
import static dev.entrepot.auth.Action.SIGN;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody is in a repository. Each role may do what those before it may. */
public enum Role {
  /** Pulls. */
  READ(null, PULL),
  /** Pushes. */
  WRITE(READ, PUSH, RETAG, SIGN, SCAN),
  /** Looks after tags and settings. */
  MAINTAIN(WRITE, DELETE, SETTINGS),
  /** Everything. */
  ADMIN(MAINTAIN, APPROVE, ADMINISTER);

  private final Set<Action> actions;

  Role(@Nullable Role less, Action... more) {
    Set<Action> all = EnumSet.noneOf(Action.class);
    if (less != null) {
      all.addAll(less.actions);
    }
    all.addAll(Set.of(more));
    this.actions = Set.copyOf(all);
  }

  /** What the role may do. */
  public Set<Action> actions() {
    return actions;
  }

  /** As settings and rows name it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of a name; empty for a name that is none. */
  public static Optional<Role> find(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** The role that may do more; null is no role. */
  public static @Nullable Role greater(@Nullable Role one, @Nullable Role other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) >= 0 ? one : other;
  }
}
