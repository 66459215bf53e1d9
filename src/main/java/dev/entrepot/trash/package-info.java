/** What was deleted and can be restored: manifests and tags, and whole repositories. */
@NullMarked
package dev.entrepot.trash;

import org.jspecify.annotations.NullMarked;
