/** People's passwords: hashing, which ones are good enough, and how often one may guess. */
@NullMarked
package dev.entrepot.auth.password;

import org.jspecify.annotations.NullMarked;
