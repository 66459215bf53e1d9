/** Tokens of other issuers, and the rules by which they are trusted. */
@NullMarked
package dev.entrepot.auth.federation;

import org.jspecify.annotations.NullMarked;
