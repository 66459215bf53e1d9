package dev.entrepot.account.robot;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account of a program.
 *
 * @param name {@code <organisation>+<name>}, which is also what it signs in with
 * @param expiresAt from then on it can do nothing; null is never
 */
public record Robot(
    long id,
    String name,
    String description,
    @Nullable Instant expiresAt,
    boolean disabled,
    Instant createdAt) {}
