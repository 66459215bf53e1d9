/**
 * Servers with accounts: the rights of {@code docs/security/rights.md} asked of a running server,
 * tokens, and signing in with real clients.
 */
@NullMarked
package dev.entrepot.accounts;

import org.jspecify.annotations.NullMarked;
