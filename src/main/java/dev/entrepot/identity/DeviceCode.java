package dev.entrepot.identity;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What a program tells its user to do, and asks with whether it is done: RFC 8628, 3.2.
 *
 * @param expiresIn seconds
 * @param interval seconds between two questions
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DeviceCode(
    String deviceCode,
    String userCode,
    String verificationUri,
    String verificationUriComplete,
    int expiresIn,
    int interval) {}
