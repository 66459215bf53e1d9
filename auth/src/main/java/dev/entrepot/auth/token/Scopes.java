package dev.entrepot.auth.token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All that a request for a token asks for. */
public final class Scopes {
  /** How many resources one token may be for. */
  public static final int MAX_COUNT = 32;

  /** How long all of them may be together, in characters; a token of them fits into a header. */
  public static final int MAX_LENGTH = 4096;

  private Scopes() {}

  /**
   * Reads the {@code scope} parameters of a request: several scopes come as several parameters, or
   * in one with spaces between, or both. What is asked of one resource in several places is put
   * together.
   *
   * @return in the order asked; none for no parameter or an empty one
   * @throws MalformedScopeException when one is malformed, or there are too many
   */
  public static List<Scope> parse(List<String> parameters) {
    Map<String, Scope> byResource = new LinkedHashMap<>();
    int length = 0;
    for (String parameter : parameters) {
      length += parameter.length();
      if (length > MAX_LENGTH) {
        throw new MalformedScopeException("scopes are longer than " + MAX_LENGTH + " characters");
      }
      for (String text : parameter.split(" ")) {
        if (!text.isEmpty()) {
          Scope scope = Scope.parse(text);
          byResource.merge(scope.resource(), scope, Scopes::together);
        }
      }
    }
    if (byResource.size() > MAX_COUNT) {
      throw new MalformedScopeException("scopes of more than " + MAX_COUNT + " resources");
    }
    return new ArrayList<>(byResource.values());
  }

  private static Scope together(Scope one, Scope other) {
    Set<String> words = new LinkedHashSet<>(one.words());
    words.addAll(other.words());
    return new Scope(one.type(), one.resourceClass(), one.name(), words);
  }
}
