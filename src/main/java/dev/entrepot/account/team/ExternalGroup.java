package dev.entrepot.account.team;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** A group of an identity provider: its members are in the team from their next sign-in. */
public record ExternalGroup(
    @NotBlank @Size(max = 64) String provider, @NotBlank @Size(max = 500) String group) {}
