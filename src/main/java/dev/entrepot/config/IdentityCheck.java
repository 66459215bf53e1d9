package dev.entrepot.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds settings of identity providers and directories that cannot work. */
final class IdentityCheck {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,32}");

  private final List<String> faults;

  IdentityCheck(List<String> faults) {
    this.faults = faults;
  }

  void check(AuthConfig auth) {
    auth.oidc().forEach((name, provider) -> oidc("entrepot.auth.oidc." + name, name, provider));
    auth.ldap()
        .forEach(
            (name, directory) -> {
              ldap("entrepot.auth.ldap." + name, name, directory);
              require(
                  !auth.oidc().containsKey(name),
                  "entrepot.auth.ldap." + name + ": a provider has this name already");
            });
  }

  /** Rules are read as the server starts; here only what the rules' own checks do not see. */
  void check(TlsConfig tls, AuthConfig auth) {
    boolean asks = tls.clientAuth() != TlsConfig.ClientAuth.NONE;
    require(
        asks == tls.clientCa().isPresent() && (!asks || tls.certificate().isPresent()),
        "entrepot.http.tls.client-auth and entrepot.http.tls.client-ca: set both, with a"
            + " certificate of the server, or neither");
    tls.clientCa()
        .ifPresent(
            file ->
                require(
                    Files.isReadable(file),
                    "entrepot.http.tls.client-ca: " + file + " cannot be read"));
    auth.certificate().keySet().forEach(name -> name("entrepot.auth.certificate." + name, name));
    require(
        asks || auth.certificate().isEmpty(),
        "entrepot.auth.certificate: has no effect without entrepot.http.tls.client-auth");
  }

  private void oidc(String prefix, String name, OidcConfig provider) {
    name(prefix, name);
    require(
        "https".equals(provider.issuer().getScheme())
            || "http".equals(provider.issuer().getScheme())
                && isLoopback(provider.issuer().getHost()),
        prefix + ".issuer: must be https, or http on this machine");
    require(provider.timeout().isPositive(), prefix + ".timeout: must be more than 0");
    require(provider.scopes().contains("openid"), prefix + ".scopes: must have openid");
  }

  private void ldap(String prefix, String name, LdapConfig directory) {
    name(prefix, name);
    URI url = directory.url();
    require(
        Set.of("ldap", "ldaps").contains(String.valueOf(url.getScheme())) && url.getHost() != null,
        prefix + ".url: must be ldap://host:port or ldaps://host:port");
    require(
        !"ldap".equals(url.getScheme()) || directory.startTls() || isLoopback(url.getHost()),
        prefix + ".start-tls: without it, passwords would cross the network in the clear");
    require(
        directory.bindDn().isPresent() == directory.bindPassword().isPresent(),
        prefix + ".bind-dn and " + prefix + ".bind-password: set both, or neither");
    require(
        directory.userFilter().contains("{user}"),
        prefix + ".user-filter: must have {user}, for the name");
    require(
        directory.groupFilter().contains("{dn}") || directory.groupFilter().contains("{user}"),
        prefix + ".group-filter: must have {dn} or {user}");
    directory
        .ca()
        .ifPresent(
            file -> require(Files.isReadable(file), prefix + ".ca: " + file + " cannot be read"));
    require(directory.timeout().isPositive(), prefix + ".timeout: must be more than 0");
    require(directory.poolSize() > 0, prefix + ".pool-size: must be more than 0");
  }

  private void name(String prefix, String name) {
    require(
        NAME.matcher(name).matches(),
        prefix + ": a name is up to 32 lower-case letters and digits");
  }

  private static boolean isLoopback(@Nullable String host) {
    try {
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private void require(boolean condition, String fault) {
    if (!condition) {
      faults.add(fault);
    }
  }
}
