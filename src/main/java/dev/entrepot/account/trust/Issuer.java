package dev.entrepot.account.trust;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An issuer whose tokens may be exchanged for a robot's rights.
 *
 * @param name what rules call it
 * @param issuer its tokens' {@code iss}, to the letter
 * @param audience what its tokens must be meant for: one of {@code aud}, to the letter
 * @param jwksUri where its keys are; null: as its discovery document says
 */
public record Issuer(
    String name, String issuer, String audience, @Nullable String jwksUri, Instant createdAt) {}
