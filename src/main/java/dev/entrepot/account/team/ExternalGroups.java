package dev.entrepot.account.team;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/** The groups whose members are in a team, by provider and name. */
public record ExternalGroups(
    @NotNull @Size(max = 100) List<@Valid @NotNull ExternalGroup> groups) {}
