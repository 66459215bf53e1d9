/** Users, organisations, teams, robots, their tokens and roles, and the API that manages them. */
@NullMarked
package dev.entrepot.account;

import org.jspecify.annotations.NullMarked;
