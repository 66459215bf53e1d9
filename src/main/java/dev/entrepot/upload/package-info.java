/** Blobs on their way in: distribution-spec, "Pushing blobs", "Cancel a blob upload". */
@NullMarked
package dev.entrepot.upload;

import org.jspecify.annotations.NullMarked;
