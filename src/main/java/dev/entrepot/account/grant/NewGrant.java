package dev.entrepot.account.grant;

import dev.entrepot.auth.Role;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** A role to be given. */
public record NewGrant(@NotNull @Valid Grantee grantee, @NotNull Role role) {}
