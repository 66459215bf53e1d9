/**
 * People whom others know: providers of OpenID Connect and directories. Their accounts here, made
 * at the first login, and the teams that their groups are.
 */
@NullMarked
package dev.entrepot.identity;

import org.jspecify.annotations.NullMarked;
