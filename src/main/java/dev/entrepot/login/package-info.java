/** Who calls: passwords, secrets, tokens; {@code /token} and the keys that sign what it gives. */
@NullMarked
package dev.entrepot.login;

import org.jspecify.annotations.NullMarked;
