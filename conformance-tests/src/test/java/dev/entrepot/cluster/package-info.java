/** Several servers on one database and one store. */
@NullMarked
package dev.entrepot.cluster;

import org.jspecify.annotations.NullMarked;
