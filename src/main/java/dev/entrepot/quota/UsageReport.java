package dev.entrepot.quota;

import org.jspecify.annotations.Nullable;

/**
 * What a repository, or all repositories of a user or an organisation together, hold and may hold.
 *
 * @param name of the repository, the user or the organisation
 * @param quotaBytes what it may hold; null is no limit
 * @param usedBytes of its blobs; a blob counts once in each repository that has it
 * @param reservedBytes that uploads under way have brought or declared, where a quota applies
 */
record UsageReport(String name, @Nullable Long quotaBytes, long usedBytes, long reservedBytes) {}
