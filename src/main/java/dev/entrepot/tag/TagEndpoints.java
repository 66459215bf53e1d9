package dev.entrepot.tag;

import dev.entrepot.auth.Action;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.http.EndpointGroup;
import dev.entrepot.http.Endpoints;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.NameList;
import dev.entrepot.http.PageRequest;
import dev.entrepot.http.Route;
import dev.entrepot.oci.RepositoryName;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;

/** {@code /v2/<name>/tags/list}: distribution-spec, "Listing Tags". */
@Singleton
class TagEndpoints implements EndpointGroup {
  private final TagService tags;
  private final int maxPageSize;

  TagEndpoints(TagService tags, EntrepotConfig config) {
    this.tags = tags;
    this.maxPageSize = config.listing().maxPageSize();
  }

  @Override
  public void register(Endpoints endpoints) {
    endpoints.on(Route.TAGS, HttpMethod.GET, Action.PULL, this::list);
  }

  private void list(Exchange exchange) {
    RepositoryName repository = exchange.repository();
    PageRequest request = PageRequest.of(exchange);
    String name = exchange.path().name();
    NameList list =
        new NameList(
            "{\"name\":\"" + name + "\",\"tags\":[",
            maxPageSize,
            (after, limit) -> tags.list(repository, after, limit));
    exchange.offload(() -> list.answer(exchange, request, "/v2/" + name + "/tags/list"));
  }
}
