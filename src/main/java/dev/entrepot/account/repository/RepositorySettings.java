package dev.entrepot.account.repository;

import dev.entrepot.auth.Visibility;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/**
 * What administrators of a repository change of it.
 *
 * @param visibility who may pull without a role in it
 * @param quotaBytes of its distinct blobs; null is no limit
 */
public record RepositorySettings(
    @NotNull Visibility visibility, @Nullable @PositiveOrZero Long quotaBytes) {}
