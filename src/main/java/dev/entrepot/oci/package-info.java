/**
 * Names, tags, digests, media types and manifests as the OCI specifications define them. No
 * framework.
 */
@NullMarked
package dev.entrepot.oci;

import org.jspecify.annotations.NullMarked;
