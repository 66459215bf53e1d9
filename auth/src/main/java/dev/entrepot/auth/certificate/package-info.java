/** Which account a client's certificate stands for. */
@NullMarked
package dev.entrepot.auth.certificate;

import org.jspecify.annotations.NullMarked;
