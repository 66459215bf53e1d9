package dev.entrepot.account;

import dev.entrepot.auth.Role;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** A role to be given. */
record NewGrant(@NotNull @Valid Grantee grantee, @NotNull Role role) {}
