/** The rows of accounts, roles and tokens, and the repositories that find them. */
@NullMarked
package dev.entrepot.account.row;

import org.jspecify.annotations.NullMarked;
