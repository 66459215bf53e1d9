package dev.entrepot.login;

import dev.entrepot.auth.Subject;
import dev.entrepot.error.RegistryException;
import dev.entrepot.http.Authentication;
import dev.entrepot.http.Forwarding;
import dev.entrepot.http.InvalidCredentialsException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sends a request: by a token of this registry, by a name with a password, a secret
 * or a token of somebody else's, or by the client's certificate.
 */
@Singleton
@Typed(Logins.class)
class Logins implements Authentication {
  private static final Logger LOG = Logger.getLogger(Logins.class);
  private static final String BEARER = "Bearer ";

  /** The user name that says that the password is a token of another issuer. */
  private static final String EXTERNAL_USER = "oidc";

  private final RegistryTokens tokens;
  private final Secrets secrets;
  private final Passwords passwords;
  private final Instance<ExternalTokens> externalTokens;
  private final Instance<ClientCertificates> certificates;
  private final Forwarding forwarding;
  private final LoginRecords records;
  private final AtomicBoolean warned = new AtomicBoolean();

  Logins(
      RegistryTokens tokens,
      Secrets secrets,
      Passwords passwords,
      @Any Instance<ExternalTokens> externalTokens,
      @Any Instance<ClientCertificates> certificates,
      Forwarding forwarding,
      LoginRecords records) {
    this.tokens = tokens;
    this.secrets = secrets;
    this.passwords = passwords;
    this.externalTokens = externalTokens;
    this.certificates = certificates;
    this.forwarding = forwarding;
    this.records = records;
  }

  @Override
  public @Nullable Subject known(HttpServerRequest request) {
    try {
      return remembered(request);
    } catch (InvalidCredentialsException e) {
      records.refused(e.isToken() ? "token" : "basic", null, forwarding.clientAddress(request));
      throw e;
    }
  }

  private @Nullable Subject remembered(HttpServerRequest request) {
    String header = authorization(request);
    if (header == null) {
      return certificate(request) == null ? Subject.ANONYMOUS : null;
    }
    if (isBearer(header)) {
      return tokens.known(header);
    }
    BasicCredentials credentials = basic(header);
    if (Secrets.isSecret(credentials.password())) {
      return secrets.known(credentials);
    }
    return passwords.known(credentials);
  }

  @Override
  public Subject identify(HttpServerRequest request) {
    String header = authorization(request);
    if (header == null) {
      X509Certificate certificate = certificate(request);
      return certificate == null
          ? Subject.ANONYMOUS
          : holder(certificate, forwarding.clientAddress(request));
    }
    if (isBearer(header)) {
      return verified(header, forwarding.clientAddress(request));
    }
    warnOfPlainText(request);
    return identify(basic(header), forwarding.clientAddress(request));
  }

  private Subject holder(X509Certificate certificate, String address) {
    Optional<Subject> subject =
        certificates.stream().flatMap(rules -> rules.find(certificate).stream()).findFirst();
    subject.ifPresent(found -> records.accepted("certificate", found, address));
    return subject.orElse(Subject.ANONYMOUS);
  }

  /** Who has this name and password, secret or token of somebody else's. */
  Subject identify(BasicCredentials credentials, String address) {
    String password = credentials.password();
    if (Secrets.isSecret(password)) {
      return counted("secret", address, () -> secrets.identify(credentials));
    }
    if (isExternal(credentials)) {
      return counted("external", address, () -> external(credentials));
    }
    return passwords.identify(credentials, address);
  }

  /** Who a token of somebody else's, which is the password, stands for. */
  private Subject external(BasicCredentials credentials) {
    String name = credentials.name().equals(EXTERNAL_USER) ? null : credentials.name();
    return external(credentials.password(), name);
  }

  /**
   * Who a token of somebody else's stands for.
   *
   * @param account who that has to be; null is anybody
   */
  Subject external(String token, @Nullable String account) {
    Subject subject =
        externalTokens.stream()
            .findFirst()
            .orElseThrow(InvalidCredentialsException::login)
            .get(token, account);
    if (account != null && !account.equals(subject.name())) {
      throw InvalidCredentialsException.login();
    }
    return subject;
  }

  private static boolean isExternal(BasicCredentials credentials) {
    boolean robot = credentials.name().indexOf('+') > 0;
    return credentials.password().startsWith("eyJ")
        && (robot || credentials.name().equals(EXTERNAL_USER));
  }

  private Subject verified(String header, String address) {
    try {
      Subject subject = tokens.verify(header, bearer(header));
      records.tokenAccepted();
      return subject;
    } catch (InvalidCredentialsException e) {
      records.refused("token", null, address);
      throw e;
    }
  }

  /** Whom the work finds, and a record of it. */
  Subject counted(String method, String address, Supplier<Subject> work) {
    try {
      Subject subject = work.get();
      records.accepted(method, subject, address);
      return subject;
    } catch (RegistryException e) {
      records.refused(method, null, address);
      throw e;
    }
  }

  private static @Nullable String authorization(HttpServerRequest request) {
    List<String> values = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (values.size() > 1) {
      // A proxy in front may have gone by the other one.
      throw InvalidCredentialsException.login();
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  private static boolean isBearer(String header) {
    return header.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  private static String bearer(String header) {
    return header.substring(BEARER.length()).strip();
  }

  private static BasicCredentials basic(String header) {
    BasicCredentials credentials = BasicCredentials.parse(header);
    if (credentials == null) {
      throw InvalidCredentialsException.login();
    }
    return credentials;
  }

  private @Nullable X509Certificate certificate(HttpServerRequest request) {
    if (!request.isSSL() || !certificates.isResolvable()) {
      return null;
    }
    try {
      return request.sslSession().getPeerCertificates()[0] instanceof X509Certificate certificate
          ? certificate
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private void warnOfPlainText(HttpServerRequest request) {
    String peer = String.valueOf(request.remoteAddress().hostAddress());
    boolean local = peer.startsWith("127.") || peer.equals("::1") || peer.equals("0:0:0:0:0:0:0:1");
    if (!request.isSSL()
        && !local
        && !forwarding.isProxy(peer)
        && warned.compareAndSet(false, true)) {
      LOG.warnf("a password came without encryption; use TLS address=%s", peer);
    }
  }
}
