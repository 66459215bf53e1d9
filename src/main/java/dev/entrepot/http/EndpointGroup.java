package dev.entrepot.http;

/** A feature's endpoints. Every bean of this type is asked once, at start. */
public interface EndpointGroup {
  /** Adds the endpoints to the table. */
  void register(Endpoints endpoints);
}
