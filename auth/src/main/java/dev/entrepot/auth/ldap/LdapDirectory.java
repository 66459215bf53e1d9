package dev.entrepot.auth.ldap;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A directory that knows people's passwords and groups. Searches for the user's entry with an
 * account of its own, then binds as that entry. Does not follow referrals: a password goes only to
 * the server of the settings. Connects when it is first asked; blocks; may be called from many
 * threads.
 */
public final class LdapDirectory implements AutoCloseable {
  private static final int MAX_GROUPS = 1000;
  private static final String EMAIL = "mail";

  private final LdapSettings settings;
  private final LDAPConnectionPool pool;

  /** Of these settings. Does not connect yet, so that a directory that is down hinders no start. */
  public LdapDirectory(LdapSettings settings) {
    this.settings = settings;
    try {
      pool =
          new LDAPConnectionPool(servers(settings), bind(settings), 0, settings.poolSize(), tls());
    } catch (LDAPException e) {
      throw new LdapUnavailableException("directory", e);
    }
    pool.setCreateIfNecessary(false);
    pool.setMaxWaitTimeMillis(settings.timeout().toMillis());
    pool.setRetryFailedOperationsDueToInvalidConnections(true);
  }

  /**
   * Checks a password. An empty one is never right: for a directory it would be an anonymous bind,
   * which succeeds.
   *
   * @return the user; empty when there is no such one, more than one, or the password is wrong
   * @throws LdapUnavailableException when that could not be found out
   */
  public Optional<LdapUser> authenticate(String user, String password) {
    if (user.isEmpty() || password.isEmpty()) {
      return Optional.empty();
    }
    try {
      SearchResultEntry entry = find(user);
      if (entry == null || !isPassword(entry.getDN(), password)) {
        return Optional.empty();
      }
      String id =
          settings.idAttribute().equals("dn")
              ? entry.getDN()
              : entry.getAttributeValue(settings.idAttribute());
      if (id == null) {
        throw new LDAPException(ResultCode.NO_SUCH_ATTRIBUTE, settings.idAttribute());
      }
      return Optional.of(
          new LdapUser(
              id,
              entry.getDN(),
              Optional.ofNullable(entry.getAttributeValue(EMAIL)),
              groups(user, entry)));
    } catch (LDAPException e) {
      throw new LdapUnavailableException("directory: " + e.getResultCode(), e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private @Nullable SearchResultEntry find(String user) throws LDAPException {
    SearchRequest request =
        new SearchRequest(
            settings.userBase(),
            SearchScope.SUB,
            filter(settings.userFilter(), user, ""),
            settings.idAttribute(),
            settings.memberOf(),
            EMAIL);
    limit(request, 2);
    try {
      List<SearchResultEntry> found = pool.search(request).getSearchEntries();
      return found.size() == 1 ? found.getFirst() : null;
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return null;
      }
      throw e;
    }
  }

  private boolean isPassword(String dn, String password) throws LDAPException {
    try {
      return pool.bindAndRevertAuthentication(new SimpleBindRequest(dn, password))
          .getResultCode()
          .equals(ResultCode.SUCCESS);
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.INVALID_CREDENTIALS)) {
        return false;
      }
      throw e;
    }
  }

  private Set<String> groups(String user, SearchResultEntry entry) throws LDAPException {
    Set<String> groups = new LinkedHashSet<>();
    if (settings.groups().isEmpty()) {
      String[] values = entry.getAttributeValues(settings.memberOf());
      groups.addAll(values == null ? List.of() : List.of(values));
      return groups;
    }
    LdapSettings.GroupSearch search = settings.groups().get();
    SearchRequest request =
        new SearchRequest(
            search.base(),
            SearchScope.SUB,
            filter(search.filter(), user, entry.getDN()),
            SearchRequest.NO_ATTRIBUTES);
    limit(request, MAX_GROUPS);
    pool.search(request).getSearchEntries().forEach(group -> groups.add(group.getDN()));
    return groups;
  }

  /** Both are escaped, so that neither can be a part of the filter. */
  private static Filter filter(String template, String user, String dn) throws LDAPException {
    // In one pass: a user may be called like the placeholder of the entry.
    StringBuilder filter = new StringBuilder();
    for (int at = 0; at < template.length(); ) {
      if (template.startsWith(LdapSettings.USER, at)) {
        filter.append(Filter.encodeValue(user));
        at += LdapSettings.USER.length();
      } else if (template.startsWith(LdapSettings.DN, at)) {
        filter.append(Filter.encodeValue(dn));
        at += LdapSettings.DN.length();
      } else {
        filter.append(template.charAt(at++));
      }
    }
    return Filter.create(filter.toString());
  }

  private void limit(SearchRequest request, int entries) {
    request.setSizeLimit(entries);
    request.setTimeLimitSeconds((int) Math.max(1, settings.timeout().toSeconds()));
    request.setFollowReferrals(false);
  }

  private static SingleServerSet servers(LdapSettings settings) {
    int timeout = (int) settings.timeout().toMillis();
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis(timeout);
    options.setResponseTimeoutMillis(timeout);
    options.setFollowReferrals(false);
    options.setUseSynchronousMode(true);
    options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(false));
    SocketFactory sockets =
        settings.security() == LdapSettings.Security.LDAPS
            ? settings.tls().getSocketFactory()
            : SocketFactory.getDefault();
    return new SingleServerSet(settings.host(), settings.port(), sockets, options);
  }

  private static @Nullable BindRequest bind(LdapSettings settings) {
    return settings.bindDn().isEmpty()
        ? null
        : new SimpleBindRequest(settings.bindDn(), settings.bindPassword());
  }

  private @Nullable PostConnectProcessor tls() {
    return settings.security() == LdapSettings.Security.STARTTLS
        ? new StartTLSPostConnectProcessor(settings.tls().getSocketFactory())
        : null;
  }
}
