package dev.entrepot.auth.federation;

/** Gets issuers' keys. May block, and be called from many threads. */
public interface IssuerKeySource {
  /**
   * The keys as they were last seen, fetched when they never were or are old.
   *
   * @throws IssuerUnavailableException when they cannot be had
   */
  IssuerKeys known(TrustedIssuer issuer);

  /**
   * The keys after a token came with a key that is not among the known ones: the issuer may have
   * changed keys. Whoever sends tokens can cause this, so it fetches only so often and else answers
   * what is known.
   *
   * @throws IssuerUnavailableException when they cannot be had
   */
  IssuerKeys refreshed(TrustedIssuer issuer);
}
