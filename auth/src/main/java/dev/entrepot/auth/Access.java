package dev.entrepot.auth;

import java.util.Set;

/**
 * One entry of a registry token: what is allowed in one resource, out of what was asked.
 *
 * @param type {@code repository} or {@code registry}
 * @param name as it was asked for
 * @param actions may be none: asked for, and nothing of it allowed
 */
public record Access(String type, String name, Set<Action> actions) {
  /** A repository's content. */
  public static final String REPOSITORY = "repository";

  /** The registry as a whole, such as {@code registry:catalog:*}. */
  public static final String REGISTRY = "registry";

  private static final String LIBRARY = "library/";

  public Access {
    actions = Set.copyOf(actions);
  }

  /**
   * Whether it is about this resource. {@code library/x} and {@code x} are one repository.
   *
   * @param canonical the resource's name, canonical
   */
  public boolean isFor(String otherType, String canonical) {
    return type.equals(otherType)
        && (name.equals(canonical)
            || name.length() == LIBRARY.length() + canonical.length()
                && name.startsWith(LIBRARY)
                && name.endsWith(canonical)
                && canonical.indexOf('/') < 0);
  }
}
