/** What clients see of an object store's faults. */
@NullMarked
package dev.entrepot.faults;

import org.jspecify.annotations.NullMarked;
