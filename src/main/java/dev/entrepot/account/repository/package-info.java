/** The settings of repositories. */
@NullMarked
package dev.entrepot.account.repository;

import org.jspecify.annotations.NullMarked;
