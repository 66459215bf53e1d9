/**
 * What is left when the server, its PostgreSQL or the power fails in the middle of pushes, and the
 * order of system calls on which that rests.
 */
@NullMarked
package dev.entrepot.crash;

import org.jspecify.annotations.NullMarked;
