package dev.entrepot.account.trust;

import dev.entrepot.account.Names;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** An issuer to be trusted; as {@link Issuer}. */
public record NewIssuer(
    @NotNull @Pattern(regexp = Names.ACCOUNT, message = Names.ACCOUNT_MESSAGE) String name,
    @NotBlank @Size(max = 2048) String issuer,
    @NotBlank @Size(max = 255) String audience,
    @Nullable @Size(max = 2048) String jwksUri) {}
