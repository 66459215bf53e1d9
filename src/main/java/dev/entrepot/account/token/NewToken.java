package dev.entrepot.account.token;

import dev.entrepot.auth.Action;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A token to be made.
 *
 * @param name what its owner knows it by
 * @param actions only these; null for whatever the owner may do
 * @param repositories patterns of the repositories it is good for; null for all
 * @param expiresAt null for as long as the setting allows
 */
@Schema(
    examples =
        "{\"name\": \"laptop\", \"actions\": [\"pull\", \"push\"], "
            + "\"repositories\": [\"acme/**\"], \"expiresAt\": \"2027-01-31T00:00:00Z\"}")
public record NewToken(
    @NotBlank @Size(max = 100) String name,
    @Nullable @Size(min = 1, max = 20) Set<@NotNull Action> actions,
    @Nullable @Size(min = 1, max = 50)
        List<@NotNull @Pattern(regexp = "(?!.*\\*\\*\\*)[a-z0-9._/*-]{1,255}") String> repositories,
    @Nullable Instant expiresAt) {
  /** With the actions in an order, so that the same token is always written the same. */
  public NewToken {
    actions = actions == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(actions));
  }
}
