/** Clean-up beside pushes, as clients see it. */
@NullMarked
package dev.entrepot.cleanup;

import org.jspecify.annotations.NullMarked;
