/** What a server does again and again beside its requests. */
@NullMarked
package dev.entrepot.task;

import org.jspecify.annotations.NullMarked;
