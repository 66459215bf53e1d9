/**
 * What the black-box tests stand on: servers started and killed as processes, and clients of the
 * registry API from the comfortable (REST Assured) to the malformed (raw sockets).
 */
@NullMarked
package dev.entrepot.conformance.support;

import org.jspecify.annotations.NullMarked;
