/** What refers to a manifest by its subject. */
@NullMarked
package dev.entrepot.referrer;

import org.jspecify.annotations.NullMarked;
