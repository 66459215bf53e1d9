package dev.entrepot.account.repository;

import dev.entrepot.auth.Visibility;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What can be changed of a repository.
 *
 * @param description a line for lists
 * @param labels for programs; the names are lower-case and may have a prefix, as in {@code
 *     example.org/team}
 * @param visibility who may pull without a role in it
 * @param quotaBytes of its distinct blobs; null is no limit
 * @param untagged how long clean-up leaves manifests that nothing points to: {@code keep} for ever,
 *     or days such as {@code 30d}; {@code 0d} for the grace time only; null is as the server's
 *     setting says
 */
@Schema(
    examples =
        "{\"description\": \"The web shop\", \"labels\": {\"team\": \"web\"}, "
            + "\"visibility\": \"internal\"}")
public record RepositorySettings(
    @NotNull @Size(max = 500) String description,
    @NotNull @Size(max = 32)
        Map<
                @NotNull @Pattern(regexp = LABEL, message = LABEL_MESSAGE) String,
                @NotNull @Size(max = 255) String>
            labels,
    @NotNull Visibility visibility,
    @Nullable @PositiveOrZero Long quotaBytes,
    @Nullable @Pattern(regexp = "keep|[0-9]{1,4}d", message = "must be keep, or days such as 30d")
        String untagged) {
  private static final String LABEL = "[a-z0-9](?:[a-z0-9._/-]{0,98}[a-z0-9])?";
  private static final String LABEL_MESSAGE =
      "must be 1 to 100 lower-case letters and digits, inside also '.', '_', '-', '/'";
}
