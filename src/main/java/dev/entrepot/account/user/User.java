package dev.entrepot.account.user;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person's account.
 *
 * @param id never given again
 * @param password whether there is one; without, an identity provider has to vouch for the user
 * @param quotaBytes of all repositories of the user together; null is no limit
 */
public record User(
    long id,
    String name,
    @Nullable String email,
    boolean administrator,
    boolean disabled,
    boolean password,
    @Nullable Long quotaBytes,
    Instant createdAt) {}
