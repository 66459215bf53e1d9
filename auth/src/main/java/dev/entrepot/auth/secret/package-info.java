/** Random secrets that stand for an account, told apart and checked without looking them up. */
@NullMarked
package dev.entrepot.auth.secret;

import org.jspecify.annotations.NullMarked;
