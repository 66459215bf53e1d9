package dev.entrepot.account.trust;

import java.time.Instant;
import java.util.Map;

/**
 * Which tokens of an issuer are a robot's: those all of whose claims named here match.
 *
 * @param issuer its name
 * @param claims patterns, in which {@code *} is any text, by the claim's name, or by the way into
 *     an object ({@code /kubernetes.io/namespace})
 */
public record Rule(long id, String issuer, Map<String, String> claims, Instant createdAt) {}
