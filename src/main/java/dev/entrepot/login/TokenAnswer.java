package dev.entrepot.login;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request for a token, as the Docker token protocol has it.
 *
 * @param token the registry token
 * @param accessToken the same, as OAuth 2 names it
 * @param expiresIn in seconds
 * @param issuedAt RFC 3339
 * @param refreshToken when one was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TokenAnswer(
    @JsonProperty("token") String token,
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("token_type") String tokenType,
    @JsonProperty("expires_in") long expiresIn,
    @JsonProperty("issued_at") String issuedAt,
    @JsonProperty("refresh_token") @Nullable String refreshToken) {
  TokenAnswer(String token, long expiresIn, String issuedAt, @Nullable String refreshToken) {
    this(token, token, "Bearer", expiresIn, issuedAt, refreshToken);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "TokenAnswer[" + issuedAt + "]";
  }
}
