/**
 * What all of the management API under {@code /api/v1} is made of: who may call what, problems,
 * pages, conditions.
 */
@NullMarked
package dev.entrepot.management;

import org.jspecify.annotations.NullMarked;
