/** What has happened to content, told to whoever must know. */
@NullMarked
package dev.entrepot.event;

import org.jspecify.annotations.NullMarked;
