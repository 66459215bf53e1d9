/** Clean-up: takes away what nothing needs any more, and says beforehand what that is. */
@NullMarked
package dev.entrepot.gc;

import org.jspecify.annotations.NullMarked;
