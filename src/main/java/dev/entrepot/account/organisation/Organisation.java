package dev.entrepot.account.organisation;

import dev.entrepot.auth.Role;
import dev.entrepot.auth.Visibility;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An organisation; {@link OrganisationSettings} says what the settings mean. */
public record Organisation(
    String name,
    Visibility defaultVisibility,
    @Nullable Long defaultQuotaBytes,
    @Nullable Long quotaBytes,
    @Nullable Role memberRole,
    boolean membersCreate,
    Instant createdAt) {}
