package dev.entrepot.account.organisation;

import dev.entrepot.auth.Role;
import dev.entrepot.auth.Visibility;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What owners change of their organisation.
 *
 * @param defaultVisibility of repositories that a push makes
 * @param defaultQuotaBytes of repositories that a push makes; null is no limit
 * @param memberRole what every member may do in all repositories; null is nothing
 * @param membersCreate whether members may make repositories
 */
@Schema(examples = "{\"defaultVisibility\": \"internal\", \"memberRole\": \"write\"}")
public record OrganisationSettings(
    @NotNull Visibility defaultVisibility,
    @Nullable @PositiveOrZero Long defaultQuotaBytes,
    @Nullable Role memberRole,
    boolean membersCreate) {}
