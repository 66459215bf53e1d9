package dev.entrepot.account.grant;

import dev.entrepot.auth.Role;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A role to be given. */
@Schema(
    examples = "{\"grantee\": {\"kind\": \"team\", \"name\": \"core\"}, " + "\"role\": \"write\"}")
public record NewGrant(@NotNull @Valid Grantee grantee, @NotNull Role role) {}
