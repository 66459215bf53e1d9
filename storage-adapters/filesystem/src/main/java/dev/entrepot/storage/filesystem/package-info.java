/** Keeps blobs as files of a local file system: one directory, no index, nothing running. */
@NullMarked
package dev.entrepot.storage.filesystem;

import org.jspecify.annotations.NullMarked;
