package dev.entrepot.account.team;

/** A team of an organisation: users who are given roles together. */
public record Team(String name) {}
