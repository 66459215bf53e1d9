/** Roles given to users, teams and robots. */
@NullMarked
package dev.entrepot.account.grant;

import org.jspecify.annotations.NullMarked;
