/** How often callers may ask, by address and by account. */
@NullMarked
package dev.entrepot.ratelimit;

import org.jspecify.annotations.NullMarked;
