/**
 * HTTP as the registry API needs it: one table of routes, one exchange, one error mapper, bodies
 * with back-pressure, and the parsing of the headers and parameters that the features share.
 */
@NullMarked
package dev.entrepot.http;

import org.jspecify.annotations.NullMarked;
