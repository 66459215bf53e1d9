package dev.entrepot.storage.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which bucket, and how to reach it.
 *
 * @param endpoint {@code https://host[:port]}
 * @param region what requests are signed for
 * @param bucket must exist
 * @param credentials who asks
 * @param pathStyle whether the bucket is named in the path rather than in the host
 * @param publicEndpoint where clients reach the store, for presigned URLs; none are given without
 * @param caFile certificates in PEM that are trusted beside those of the JDK
 * @param encryption how the store encrypts what it keeps
 * @param limits how much of everything
 */
public record S3Settings(
    URI endpoint,
    String region,
    String bucket,
    S3Credentials credentials,
    boolean pathStyle,
    Optional<URI> publicEndpoint,
    Optional<Path> caFile,
    S3Encryption encryption,
    S3Limits limits) {}
