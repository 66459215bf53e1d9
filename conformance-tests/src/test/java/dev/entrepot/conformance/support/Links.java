package dev.entrepot.conformance.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists in pages: {@code Link: <…>; rel="next"}, RFC 8288. */
public final class Links {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

  private Links() {}

  /** The absolute URL of the next page; empty on the last. */
  public static Optional<String> next(Repository repository, Response page) {
    String link = page.header("Link");
    if (link == null) {
      return Optional.empty();
    }
    Matcher matcher = NEXT.matcher(link);
    assertThat(matcher.find()).as("Link: %s", link).isTrue();
    return Optional.of(repository.registry().url().resolve(matcher.group(1)).toString());
  }

  /** The entries of all pages, by the JSON path of a page's list. */
  public static List<String> follow(Repository repository, String path, String entries) {
    List<String> all = new ArrayList<>();
    Optional<String> next = Optional.of(path);
    while (next.isPresent()) {
      Response page = repository.request().get(next.get());
      page.then().statusCode(200);
      all.addAll(page.jsonPath().getList(entries, String.class));
      next = next(repository, page);
    }
    return all;
  }
}
