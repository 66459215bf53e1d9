package dev.entrepot.account.repository;

import dev.entrepot.auth.Visibility;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A repository with its settings; {@link RepositorySettings} says what they mean. */
public record ManagedRepository(
    String name,
    String description,
    SortedMap<String, String> labels,
    Visibility visibility,
    @Nullable Long quotaBytes,
    @Nullable String untagged,
    Instant createdAt) {}
