/** The repositories there are, and their ids in the database. */
@NullMarked
package dev.entrepot.repository;

import org.jspecify.annotations.NullMarked;
