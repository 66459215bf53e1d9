/** The one kind of cache: bounded in bytes, and never filled with what was read before a change. */
@NullMarked
package dev.entrepot.cache;

import org.jspecify.annotations.NullMarked;
