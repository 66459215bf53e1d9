/** What Entrepot promises beyond distribution-spec: clients' habits, bad input, limits. */
@NullMarked
package dev.entrepot.conformance.promise;

import org.jspecify.annotations.NullMarked;
