/** The secrets of users and robots. */
@NullMarked
package dev.entrepot.account.token;

import org.jspecify.annotations.NullMarked;
