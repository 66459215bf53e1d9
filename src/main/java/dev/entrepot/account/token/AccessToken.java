package dev.entrepot.account.token;

import dev.entrepot.auth.Action;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A secret of a user or a robot, without the secret.
 *
 * @param actions only these; null for whatever the owner may do
 * @param repositories patterns of the repositories it is good for; null for all
 */
public record AccessToken(
    long id,
    String name,
    @Nullable Set<Action> actions,
    @Nullable List<String> repositories,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {}
