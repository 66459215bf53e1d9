/** The black-box tests of the registry API; they speak only HTTP. */
@NullMarked
package dev.entrepot.conformance;

import org.jspecify.annotations.NullMarked;
