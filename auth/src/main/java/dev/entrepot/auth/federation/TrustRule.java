package dev.entrepot.auth.federation;

import java.util.Map;

/**
 * Which tokens of an issuer may be exchanged: those all of whose claims named here match. A claim
 * that the token does not have matches nothing; of one with several values, one must match.
 *
 * @param claims by the claim's name, or by the way into an object ({@code
 *     /kubernetes.io/namespace})
 */
public record TrustRule(TrustedIssuer issuer, Map<String, ClaimPattern> claims) {
  private static final int MAX_CLAIMS = 20;

  /**
   * Checks the rule.
   *
   * @throws IllegalArgumentException when it asks for nothing, which would trust everybody who has
   *     a token of the issuer, or for too much
   */
  public TrustRule {
    claims = Map.copyOf(claims);
    if (claims.values().stream().allMatch(ClaimPattern::matchesAll)) {
      throw new IllegalArgumentException("a rule must ask for a claim that not everybody has");
    }
    if (claims.size() > MAX_CLAIMS) {
      throw new IllegalArgumentException("a rule has at most " + MAX_CLAIMS + " claims");
    }
  }

  /** Whether the token may be exchanged by this rule. */
  public boolean matches(ExternalToken token) {
    return token.issuer().equals(issuer)
        && claims.entrySet().stream()
            .allMatch(
                claim -> token.texts(claim.getKey()).stream().anyMatch(claim.getValue()::matches));
  }
}
