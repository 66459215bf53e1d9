package dev.entrepot.management;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Link;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Which page of a list is asked for, and its answer: the items, and a link to the next page. */
public class PageRequest {
  private static final int MAX = 1000;

  /** Only items after this key; the first page has none. */
  @QueryParam("after")
  @Size(max = 255)
  public @Nullable String after;

  /** How many items at most. */
  @QueryParam("limit")
  @DefaultValue("100")
  @Min(1)
  @Max(MAX)
  public int limit;

  @Context UriInfo uri;

  /** Where the page starts; below every key for the first page. */
  public String start() {
    return after == null ? "" : after;
  }

  /** The same for keys that are numbers. */
  public long startNumber() {
    try {
      return after == null ? 0 : Long.parseLong(after);
    } catch (NumberFormatException e) {
      throw Problem.INVALID.with("after is no key of this list");
    }
  }

  /** One more than the page has, which tells whether there is another page. */
  public int fetch() {
    return limit + 1;
  }

  /**
   * The answer.
   *
   * @param fetched {@link #fetch} items, or fewer when the list ends
   * @param key what {@code after} has to be to go on after the item
   */
  public <T> RestResponse<List<T>> answer(List<T> fetched, Function<T, Object> key) {
    if (fetched.size() <= limit) {
      return RestResponse.ok(fetched);
    }
    List<T> page = fetched.subList(0, limit);
    Object last = key.apply(page.getLast());
    var next = uri.getRequestUriBuilder().replaceQueryParam("after", last);
    return RestResponse.ResponseBuilder.ok(page)
        .links(Link.fromUri("?" + next.build().getRawQuery()).rel("next").build())
        .build();
  }
}
