/** The process around the registry: data directory, listening sockets, certificates. */
@NullMarked
package dev.entrepot.server;

import org.jspecify.annotations.NullMarked;
