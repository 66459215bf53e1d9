/** What was pushed is kept: backups, and content that moves from one place to another. */
@NullMarked
package dev.entrepot.keeping;

import org.jspecify.annotations.NullMarked;
