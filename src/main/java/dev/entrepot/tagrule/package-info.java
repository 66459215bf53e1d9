/** Tags that may not be moved or deleted, by pattern. */
@NullMarked
package dev.entrepot.tagrule;

import org.jspecify.annotations.NullMarked;
