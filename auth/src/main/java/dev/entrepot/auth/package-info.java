/** Who may do what. Plain Java; knows nothing of storage, databases or HTTP. */
@NullMarked
package dev.entrepot.auth;

import org.jspecify.annotations.NullMarked;
