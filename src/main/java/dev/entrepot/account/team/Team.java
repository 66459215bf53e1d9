package dev.entrepot.account.team;

import java.time.Instant;

/** A team of an organisation: users who are given roles together. */
public record Team(String name, Instant createdAt) {}
