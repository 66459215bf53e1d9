/** Reads stored bytes again and again, and takes out of sight what is not what it was. */
@NullMarked
package dev.entrepot.scrub;

import org.jspecify.annotations.NullMarked;
