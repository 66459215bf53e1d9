package dev.entrepot.repository;

import dev.entrepot.auth.Action;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.http.EndpointGroup;
import dev.entrepot.http.Endpoints;
import dev.entrepot.http.Exchange;
import dev.entrepot.http.NameList;
import dev.entrepot.http.PageRequest;
import dev.entrepot.http.Route;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;

/** {@code /v2/_catalog}: not in the distribution-spec, but clients know it from Docker's. */
@Singleton
class CatalogEndpoint implements EndpointGroup {
  private final Catalog catalog;
  private final int maxPageSize;

  CatalogEndpoint(Catalog catalog, EntrepotConfig config) {
    this.catalog = catalog;
    this.maxPageSize = config.listing().maxPageSize();
  }

  @Override
  public void register(Endpoints endpoints) {
    endpoints.on(Route.CATALOG, HttpMethod.GET, Action.CATALOG, this::get);
  }

  private void get(Exchange exchange) {
    PageRequest request = PageRequest.of(exchange);
    NameList list =
        new NameList(
            "{\"repositories\":[",
            maxPageSize,
            (after, limit) -> catalog.list(exchange.subject(), after, limit));
    exchange.offload(() -> list.answer(exchange, request, "/v2/_catalog"));
  }
}
