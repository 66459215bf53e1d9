/** The robots of organisations, and their secrets. */
@NullMarked
package dev.entrepot.account.robot;

import org.jspecify.annotations.NullMarked;
