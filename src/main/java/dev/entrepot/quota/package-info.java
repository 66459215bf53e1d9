/** How many bytes repositories and organisations hold, and may hold. */
@NullMarked
package dev.entrepot.quota;

import org.jspecify.annotations.NullMarked;
