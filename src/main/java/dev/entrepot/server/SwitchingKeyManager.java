package dev.entrepot.server;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each new handshake the newest certificate. The listener itself is never changed: while
 * Vert.x exchanges the options of one, it resets the connections that come in.
 */
final class SwitchingKeyManager extends X509ExtendedKeyManager {
  private volatile Generations generations;

  SwitchingKeyManager(ServerCertificate first) {
    this.generations = new Generations(0, first, first);
  }

  /** Handshakes that begin from now on get this one; those under way finish with theirs. */
  void use(ServerCertificate next) {
    Generations before = generations;
    generations = new Generations(before.number + 1, next, before.current);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    Generations now = generations;
    return now.current.key().getAlgorithm().equals(keyType) ? now.alias() : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return certificate(alias).chain().toArray(new X509Certificate[0]);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return certificate(alias).key();
  }

  private ServerCertificate certificate(String alias) {
    Generations now = generations;
    return now.alias().equals(alias) ? now.current : now.previous;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    Generations now = generations;
    return now.current.key().getAlgorithm().equals(keyType) ? new String[] {now.alias()} : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    String[] aliases = getServerAliases(keyType, issuers);
    return aliases == null ? null : aliases[0];
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  /** The previous one stays, for a handshake that has chosen it and not yet read it. */
  private record Generations(int number, ServerCertificate current, ServerCertificate previous) {
    String alias() {
      return Integer.toString(number);
    }
  }
}
