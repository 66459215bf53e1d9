/** One test for each MUST and SHOULD of distribution-spec, one class for each of its sections. */
@NullMarked
package dev.entrepot.conformance.spec;

import org.jspecify.annotations.NullMarked;
