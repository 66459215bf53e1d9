package dev.entrepot.account.trust;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What administrators change of an issuer. What its tokens have in {@code iss} stays: rules were
 * made for that.
 *
 * @param audience what its tokens must be meant for
 * @param jwksUri where its keys are; null: as its discovery document says
 */
public record IssuerSettings(
    @NotBlank @Size(max = 255) String audience, @Nullable @Size(max = 2048) String jwksUri) {}
