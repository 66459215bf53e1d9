/** The storage interface: what a store of blobs promises, and its values. Plain Java. */
@NullMarked
package dev.entrepot.storage;

import org.jspecify.annotations.NullMarked;
