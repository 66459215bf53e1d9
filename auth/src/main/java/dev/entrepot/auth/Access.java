package dev.entrepot.auth;

import java.util.Set;

/**
 * One entry of a registry token: what is allowed in one resource, out of what was asked.
 *
 * @param type {@code repository} or {@code registry}
 * @param name as it was asked for
 * @param actions all that is allowed; may be none: asked for, and nothing of it allowed
 * @param implied those of the actions that nobody asked for by name, but that come with {@link
 *     Action#PUSH}
 * @param founds whether they are allowed because there was no such repository, and the holder may
 *     make it: once there is one, its rights count
 */
public record Access(
    String type, String name, Set<Action> actions, Set<Action> implied, boolean founds) {
  /** A repository's content. */
  public static final String REPOSITORY = "repository";

  /** The registry as a whole, such as {@code registry:catalog:*}. */
  public static final String REGISTRY = "registry";

  private static final String LIBRARY = "library/";

  public Access {
    actions = Set.copyOf(actions);
    implied = Set.copyOf(implied);
    if (!actions.containsAll(implied)) {
      throw new IllegalArgumentException("implied without being allowed");
    }
  }

  /** Of what is there. */
  public Access(String type, String name, Set<Action> actions, Set<Action> implied) {
    this(type, name, actions, implied, false);
  }

  /** Of actions that were all asked for. */
  public Access(String type, String name, Set<Action> actions) {
    this(type, name, actions, Set.of());
  }

  /** The same of a repository that is still to be made. */
  public Access founding() {
    return new Access(type, name, actions, implied, true);
  }

  /** Whether it is about the repository of this canonical name. */
  public boolean isFor(String repository) {
    return type.equals(REPOSITORY) && canonical(name).equals(repository);
  }

  /** The name that rights are looked up by: {@code library/x} is {@code x}, as on Docker Hub. */
  public static String canonical(String name) {
    return name.startsWith(LIBRARY)
            && name.length() > LIBRARY.length()
            && name.indexOf('/', LIBRARY.length()) < 0
        ? name.substring(LIBRARY.length())
        : name;
  }
}
