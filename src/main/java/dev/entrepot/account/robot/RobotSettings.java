package dev.entrepot.account.robot;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What owners change of a robot.
 *
 * @param expiresAt from then on it can do nothing; null is never
 * @param disabled whether nothing can be done with the account
 */
public record RobotSettings(
    @NotNull @Size(max = 500) String description, @Nullable Instant expiresAt, boolean disabled) {}
