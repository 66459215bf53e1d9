package dev.entrepot.event;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Tells listeners what has happened, in the thread that did it, after its commit. */
@Singleton
public class ContentEvents {
  /** Wants to know of content events. Must be quick, and must not fail. */
  public interface Listener {
    void on(ContentEvent event);
  }

  private final Iterable<Listener> listeners;

  /** Asks for the listeners at each event only: they may themselves need who publishes. */
  @Inject
  ContentEvents(@Any Instance<Listener> listeners) {
    this((Iterable<Listener>) listeners);
  }

  /** With listeners that are known. */
  public ContentEvents(Iterable<Listener> listeners) {
    this.listeners = listeners;
  }

  /** Tells all listeners. */
  public void publish(ContentEvent event) {
    for (Listener listener : listeners) {
      listener.on(event);
    }
  }
}
