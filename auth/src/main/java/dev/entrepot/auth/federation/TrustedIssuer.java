package dev.entrepot.auth.federation;

import java.util.Optional;

/**
 * Somebody whose tokens are exchanged.
 *
 * @param issuer what their tokens say in {@code iss}, to the letter
 * @param audience what their tokens must be meant for: one of {@code aud}, to the letter
 * @param jwksUri where their keys are; empty: as their discovery document says
 */
public record TrustedIssuer(String issuer, String audience, Optional<String> jwksUri) {
  /**
   * Checks them.
   *
   * @throws IllegalArgumentException when issuer or audience is empty: such claims would prove
   *     nothing
   */
  public TrustedIssuer {
    if (issuer.isEmpty() || audience.isEmpty()) {
      throw new IllegalArgumentException("an issuer and an audience are needed");
    }
  }
}
