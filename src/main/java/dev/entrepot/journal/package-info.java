/** The manifests and tags of all repositories, kept in the store for rebuilding the database. */
@NullMarked
package dev.entrepot.journal;

import org.jspecify.annotations.NullMarked;
