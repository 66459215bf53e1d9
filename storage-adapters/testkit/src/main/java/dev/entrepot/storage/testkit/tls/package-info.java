/** Certificates for servers under test. */
@NullMarked
package dev.entrepot.storage.testkit.tls;

import org.jspecify.annotations.NullMarked;
