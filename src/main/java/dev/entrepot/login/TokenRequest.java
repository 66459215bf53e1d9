package dev.entrepot.login;

import dev.entrepot.auth.Subject;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request for a registry token.
 *
 * @param grant how the caller says who they are, for the metrics
 * @param service what the token is to be for; null for this one
 * @param scopes the parameters as they came
 * @param client what asks
 * @param offline whether a refresh token is wanted as well
 * @param refreshToken the one that was sent; null for none
 * @param address of the client
 * @param subject finds out who asks
 */
record TokenRequest(
    String grant,
    @Nullable String service,
    List<String> scopes,
    String client,
    boolean offline,
    @Nullable String refreshToken,
    String address,
    Supplier<Subject> subject) {}
