/** Asking a directory whether a password is right, and for a person's groups. */
@NullMarked
package dev.entrepot.auth.ldap;

import org.jspecify.annotations.NullMarked;
