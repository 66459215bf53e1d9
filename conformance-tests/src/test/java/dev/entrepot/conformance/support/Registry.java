package dev.entrepot.conformance.support;

import static io.restassured.config.DecoderConfig.decoderConfig;
import static io.restassured.config.EncoderConfig.encoderConfig;
import static io.restassured.config.HttpClientConfig.httpClientConfig;
import static io.restassured.config.RedirectConfig.redirectConfig;
import static io.restassured.config.SSLConfig.sslConfig;

import io.restassured.RestAssured;
import io.restassured.config.RestAssuredConfig;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.security.KeyStore;
import java.util.UUID;

/** A client of one registry. Safe for use by several threads. */
public final class Registry {
  // Bytes are compared as they are: nothing is decoded, nothing is added to media types, and a
  // path that is written escaped stays so.
  private static final RestAssuredConfig CONFIG =
      RestAssured.config()
          .decoderConfig(decoderConfig().noContentDecoders())
          .encoderConfig(encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false))
          .redirect(redirectConfig().followRedirects(true))
          .httpClient(
              httpClientConfig()
                  .setParam("http.connection.timeout", 60_000)
                  .setParam("http.socket.timeout", 120_000));

  private final URI url;
  private final RestAssuredConfig config;

  public Registry(URI url) {
    this(url, CONFIG);
  }

  /** A client that trusts these authorities and no others. */
  public Registry(URI url, KeyStore authorities) {
    this(url, CONFIG.sslConfig(sslConfig().trustStore(authorities)));
  }

  private Registry(URI url, RestAssuredConfig config) {
    this.url = url;
    this.config = config;
  }

  public URI url() {
    return url;
  }

  /** {@code host:port}, as image references and the Host header have it. */
  public String authority() {
    return url.getRawAuthority();
  }

  /** Starts a request; its path begins with {@code /v2/} and is sent exactly as written. */
  public RequestSpecification request() {
    return RestAssured.given().config(config).baseUri(url.toString()).urlEncodingEnabled(false);
  }

  public Repository repository(String name) {
    return new Repository(this, name);
  }

  /** A repository that no other test uses. */
  public Repository newRepository() {
    return repository("conformance/" + uniqueName());
  }

  /** A name component that no other test uses. */
  public static String uniqueName() {
    return "r" + UUID.randomUUID().toString().replace("-", "");
  }

  /** A connection for requests that no proper client would send. */
  public RawConnection connect() {
    return RawConnection.open(url);
  }
}
