package dev.entrepot.account.grant;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/**
 * Who is given a role.
 *
 * @param name a user's name, or a team's or robot's within the organisation
 */
public record Grantee(@NotNull Kind kind, @NotBlank @Size(max = 255) String name) {
  /** What can be given roles. */
  public enum Kind {
    /** A user. */
    @JsonProperty("user")
    USER,
    /** A team of the repository's organisation. */
    @JsonProperty("team")
    TEAM,
    /** A robot of the repository's organisation. */
    @JsonProperty("robot")
    ROBOT
  }
}
