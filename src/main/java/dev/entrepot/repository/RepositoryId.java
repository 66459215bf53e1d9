package dev.entrepot.repository;

/**
 * What rows know a repository by. Given once, never given again.
 *
 * @param value the number
 */
public record RepositoryId(long value) {}
