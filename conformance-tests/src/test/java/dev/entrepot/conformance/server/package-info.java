/**
 * The packaged server beyond its API's answers: settings, restarts, HTTP/2, a database that is
 * away. Each class starts a server of its own; none runs against a registry given by URL.
 */
@NullMarked
package dev.entrepot.conformance.server;

import org.jspecify.annotations.NullMarked;
