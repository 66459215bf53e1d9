/**
 * The registry's own tokens: what may be asked for in them, signing, checking, publishing the keys.
 */
@NullMarked
package dev.entrepot.auth.token;

import org.jspecify.annotations.NullMarked;
