/** A store of blobs in a bucket of an S3-compatible object store. */
@NullMarked
package dev.entrepot.storage.s3;

import org.jspecify.annotations.NullMarked;
