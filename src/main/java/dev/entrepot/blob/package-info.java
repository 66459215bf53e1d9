/** Which repository holds which blob, where its bytes are, and how they are served. */
@NullMarked
package dev.entrepot.blob;

import org.jspecify.annotations.NullMarked;
