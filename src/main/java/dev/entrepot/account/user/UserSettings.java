package dev.entrepot.account.user;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What administrators change of a user.
 *
 * @param administrator whether the user looks after the whole registry
 * @param disabled whether nothing can be done with the account
 * @param quotaBytes of all repositories of the user together; null is no limit
 */
public record UserSettings(
    @Nullable @Email @Size(max = 254) String email,
    boolean administrator,
    boolean disabled,
    @Nullable @PositiveOrZero Long quotaBytes) {}
