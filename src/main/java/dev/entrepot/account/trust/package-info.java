/** Issuers of tokens to programs elsewhere, and which of their tokens are which robot's. */
@NullMarked
package dev.entrepot.account.trust;

import org.jspecify.annotations.NullMarked;
