/** Users, the first of them, and their passwords. */
@NullMarked
package dev.entrepot.account.user;

import org.jspecify.annotations.NullMarked;
