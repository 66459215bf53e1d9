/** What every {@link dev.entrepot.storage.BlobStore} must do, as tests to inherit. */
@NullMarked
package dev.entrepot.storage.testkit;

import org.jspecify.annotations.NullMarked;
