/**
 * Logging in with what others know: a real Keycloak, a real directory, tokens of other issuers,
 * client certificates. A test whose server is not installed is skipped with a line that says so.
 */
@NullMarked
package dev.entrepot.identity;

import org.jspecify.annotations.NullMarked;
