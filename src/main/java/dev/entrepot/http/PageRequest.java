package dev.entrepot.http;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The parameters {@code n} and {@code last} of a listing: distribution-spec, "Listing Tags".
 *
 * @param limit at most so many; empty for all
 * @param last only what sorts after this; null from the start
 */
public record PageRequest(OptionalInt limit, @Nullable String last) {
  /**
   * Reads the parameters.
   *
   * @throws RegistryException PAGINATION_NUMBER_INVALID when n is not a number from 0
   */
  public static PageRequest of(Exchange exchange) {
    String last = exchange.query("last").filter(text -> !text.isEmpty()).orElse(null);
    return new PageRequest(limit(exchange), last);
  }

  private static OptionalInt limit(Exchange exchange) {
    String n = exchange.query("n").orElse(null);
    if (n == null) {
      return OptionalInt.empty();
    }
    if (n.isEmpty() || !n.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new RegistryException(
          ErrorCode.PAGINATION_NUMBER_INVALID,
          ErrorCode.PAGINATION_NUMBER_INVALID.message(),
          java.util.Map.of("n", n));
    }
    // More than fits an int is more than there can be on a page: the page limit caps it anyway.
    return OptionalInt.of(n.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(n));
  }
}
