package dev.entrepot.identity;

import dev.entrepot.auth.Subject;
import dev.entrepot.auth.ldap.LdapDirectory;
import dev.entrepot.auth.ldap.LdapSettings;
import dev.entrepot.auth.ldap.LdapUnavailableException;
import dev.entrepot.auth.ldap.LdapUser;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.LdapConfig;
import dev.entrepot.login.PasswordBackend;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The directories in the settings, asked in the order of their names. */
@Singleton
class Directories implements PasswordBackend {
  private static final Logger LOG = Logger.getLogger(Directories.class);
  private static final int LDAP_PORT = 389;
  private static final int LDAPS_PORT = 636;

  private record Directory(String name, LdapDirectory ldap, boolean provision) {}

  private final List<Directory> directories;
  private final ExternalUsers users;

  Directories(EntrepotConfig config, ExternalUsers users) {
    this.directories =
        config.auth().ldap().entrySet().stream()
            .sorted(java.util.Map.Entry.comparingByKey())
            .map(
                entry ->
                    new Directory(
                        entry.getKey(),
                        new LdapDirectory(settings(entry.getValue())),
                        entry.getValue().provision()))
            .toList();
    this.users = users;
  }

  @Override
  public Optional<Subject> find(String name, String password) {
    boolean all = true;
    for (Directory directory : directories) {
      try {
        Optional<LdapUser> found = directory.ldap().authenticate(name, password);
        if (found.isPresent()) {
          return Optional.of(
              users.logIn(user(directory, name, found.get()), directory.provision()));
        }
      } catch (LdapUnavailableException e) {
        LOG.warnf("directory not asked name=%s error=%s", directory.name(), e.getMessage());
        all = false;
      }
    }
    if (!all) {
      throw SignedTokens.unavailable();
    }
    return Optional.empty();
  }

  @PreDestroy
  void close() {
    directories.forEach(directory -> directory.ldap().close());
  }

  private static ExternalUser user(Directory directory, String name, LdapUser user) {
    return new ExternalUser(
        directory.name(), user.id(), name, user.email().orElse(null), user.groups());
  }

  private static LdapSettings settings(LdapConfig config) {
    URI url = config.url();
    boolean ldaps = "ldaps".equals(url.getScheme());
    return new LdapSettings(
        url.getHost(),
        url.getPort() >= 0 ? url.getPort() : ldaps ? LDAPS_PORT : LDAP_PORT,
        ldaps
            ? LdapSettings.Security.LDAPS
            : config.startTls() ? LdapSettings.Security.STARTTLS : LdapSettings.Security.NONE,
        Trust.of(config.ca()),
        config.bindDn().orElse(""),
        config.bindPassword().orElse(""),
        config.userBase(),
        config.userFilter(),
        config.idAttribute(),
        config.groupAttribute(),
        config.groupBase().map(base -> new LdapSettings.GroupSearch(base, config.groupFilter())),
        config.poolSize(),
        config.timeout());
  }
}
