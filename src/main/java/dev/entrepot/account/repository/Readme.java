package dev.entrepot.account.repository;

/**
 * What a repository's readers are told at length.
 *
 * @param markdown as it was given: whoever shows it has to make it harmless
 */
public record Readme(String markdown) {}
