package io.kumo.core.route;

/** Counts what happens on the way to servers; on the router's event loop. */
@FunctionalInterface
public interface RouteCounter {
  void count(RouteEvent event);
}
