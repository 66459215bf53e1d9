/**
 * Real clients against the packaged server: Docker Engine, BuildKit, skopeo, umoci, crane, regctl,
 * helm. {@code conformance-tests/tools/install.sh clients} installs them; a test whose client is
 * absent is skipped with a line that says so.
 */
@NullMarked
package dev.entrepot.clients;

import org.jspecify.annotations.NullMarked;
