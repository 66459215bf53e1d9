package dev.entrepot.storage.s3;

import dev.entrepot.storage.StorageException;
import io.minio.Http;
import io.minio.ServerSideEncryption;
import io.minio.credentials.AwsEnvironmentProvider;
import io.minio.credentials.ChainedProvider;
import io.minio.credentials.IamAwsProvider;
import io.minio.credentials.Jwt;
import io.minio.credentials.Provider;
import io.minio.credentials.StaticProvider;
import io.minio.credentials.WebIdentityProvider;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/** Makes of the settings what the SDK takes. */
final class S3Http {
  private S3Http() {}

  static OkHttpClient client(S3Settings settings, ExecutorService executor) {
    S3Limits limits = settings.limits();
    Dispatcher dispatcher = new Dispatcher(executor);
    dispatcher.setMaxRequests(limits.maxConnections());
    dispatcher.setMaxRequestsPerHost(limits.maxConnections());
    OkHttpClient client =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectionPool(new ConnectionPool(limits.maxConnections(), 1, TimeUnit.MINUTES))
            .protocols(List.of(Protocol.HTTP_1_1))
            .connectTimeout(limits.connectTimeout())
            .readTimeout(limits.timeout())
            .writeTimeout(limits.timeout())
            .followRedirects(false)
            // Retries are ours: who must know whether a request was sent does not want it hidden.
            .retryOnConnectionFailure(false)
            .build();
    if (settings.caFile().isEmpty()) {
      return client;
    }
    Path file = settings.caFile().get();
    try {
      return Http.enableExternalCertificates(client, file.toString(), null);
    } catch (MinioException e) {
      throw new StorageException.Unavailable("cannot read certificates from " + file, e);
    }
  }

  /** The same connections, with ten times the patience for an answer. */
  static OkHttpClient patient(OkHttpClient client) {
    return client
        .newBuilder()
        .readTimeout(Duration.ofMillis(10L * client.readTimeoutMillis()))
        .build();
  }

  static S3Requests requests(
      S3Settings settings, URI endpoint, Provider credentials, OkHttpClient http) {
    Http.BaseUrl url = new Http.BaseUrl(endpoint.toString());
    url.setRegion(settings.region());
    if (settings.pathStyle()) {
      url.disableVirtualStyleEndpoint();
    } else {
      url.enableVirtualStyleEndpoint();
    }
    return new S3Requests(url, credentials, http, settings.bucket(), encryption(settings));
  }

  /** Who asks; keeps keys that are valid for a time, and gets new ones shortly before it ends. */
  static Provider credentials(S3Credentials credentials, OkHttpClient http) {
    return switch (credentials) {
      case S3Credentials.Keys(var access, var secret) -> new StaticProvider(access, secret, null);
      case S3Credentials.WebIdentity identity -> webIdentity(identity, http);
      case S3Credentials.Environment() ->
          new ChainedProvider(new AwsEnvironmentProvider(), new IamAwsProvider(null, http));
    };
  }

  private static Provider webIdentity(S3Credentials.WebIdentity identity, OkHttpClient http) {
    Path file = identity.tokenFile();
    String endpoint = identity.endpoint().toString();
    String role = identity.role().orElse(null);
    Provider provider =
        new WebIdentityProvider(() -> token(file), endpoint, null, null, role, null, http);
    return () -> {
      try {
        return provider.fetch();
      } catch (ProviderException e) {
        throw new ProviderException(
            "the token in " + file + " was not exchanged at " + endpoint + ": " + e.getMessage(),
            e);
      }
    };
  }

  private static Jwt token(Path file) {
    try {
      return new Jwt(Files.readString(file).strip(), 0);
    } catch (IOException e) {
      throw new ProviderException("cannot read " + file, e);
    }
  }

  private static @Nullable ServerSideEncryption encryption(S3Settings settings) {
    try {
      return switch (settings.encryption()) {
        case S3Encryption.Default() -> null;
        case S3Encryption.StoreKeys() -> new ServerSideEncryption.S3();
        case S3Encryption.ManagedKey(var keyId) -> new ServerSideEncryption.KMS(keyId, null);
        case S3Encryption.OwnKey(var key) ->
            new ServerSideEncryption.CustomerKey(new SecretKeySpec(key, "AES"));
      };
    } catch (MinioException e) {
      throw new IllegalArgumentException("the encryption of the store cannot be used", e);
    }
  }

  /** For URLs that clients use, if there can be any. */
  static Optional<S3Requests> presigning(
      S3Settings settings, Provider credentials, OkHttpClient http) {
    return settings.encryption() instanceof S3Encryption.OwnKey
        ? Optional.empty()
        : settings
            .publicEndpoint()
            .map(endpoint -> requests(settings, endpoint, credentials, http));
  }
}
