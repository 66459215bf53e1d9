package dev.entrepot.auth;

/** An {@link Authorizer}'s answer. */
public enum Decision {
  ALLOW,
  DENY
}
