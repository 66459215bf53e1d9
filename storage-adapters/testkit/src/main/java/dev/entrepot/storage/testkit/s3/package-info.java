/** Real S3 servers for tests, and a proxy that puts faults between them and a client. */
@NullMarked
package dev.entrepot.storage.testkit.s3;

import org.jspecify.annotations.NullMarked;
