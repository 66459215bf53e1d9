/** The settings: {@code entrepot.*} properties, {@code ENTREPOT_*} variables. */
@NullMarked
package dev.entrepot.config;

import org.jspecify.annotations.NullMarked;
