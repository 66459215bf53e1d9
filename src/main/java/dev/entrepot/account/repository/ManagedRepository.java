package dev.entrepot.account.repository;

import dev.entrepot.auth.Visibility;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A repository with its settings; {@link RepositorySettings} says what they mean. */
public record ManagedRepository(
    String name, Visibility visibility, @Nullable Long quotaBytes, Instant createdAt) {}
