package dev.entrepot.account.user;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.entrepot.account.Names;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A user to be made.
 *
 * @param password null for one who signs in with an identity provider only
 */
@Schema(
    examples =
        "{\"name\": \"alice\", \"email\": \"alice@example.org\", "
            + "\"password\": \"a rather long passphrase\"}")
public record NewUser(
    @NotNull @Pattern(regexp = Names.ACCOUNT, message = Names.ACCOUNT_MESSAGE) String name,
    @Nullable @Email @Size(max = 254) String email,
    @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) @Nullable String password,
    boolean administrator) {
  /** Without the password. */
  @Override
  public String toString() {
    return "NewUser[" + name + "]";
  }
}
