/** Opens the store of blobs that the settings name. */
@NullMarked
package dev.entrepot.store;

import org.jspecify.annotations.NullMarked;
