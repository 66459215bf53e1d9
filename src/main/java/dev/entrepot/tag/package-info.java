/** Tags: what they point to, their history, their listing. */
@NullMarked
package dev.entrepot.tag;

import org.jspecify.annotations.NullMarked;
