/** A server with accounts: who gets in, who may do what, and what the others get to see. */
@NullMarked
package dev.entrepot.conformance.access;

import org.jspecify.annotations.NullMarked;
