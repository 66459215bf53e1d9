package dev.entrepot.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A directory whose users log in with name and password. */
public interface LdapConfig {
  /** {@code ldap://host:389} or {@code ldaps://host:636}. */
  URI url();

  /** Whether to encrypt a connection of {@code ldap:} before anything else is sent on it. */
  @WithDefault("true")
  boolean startTls();

  /** PEM file of the authority that issued the directory's certificate; else the JVM's. */
  Optional<Path> ca();

  /** Whom to search users as; absent: anonymously. */
  Optional<String> bindDn();

  /** The password of {@code bind-dn}. */
  Optional<String> bindPassword();

  /** Below which entry the users are. */
  String userBase();

  /** What finds the entry of a user; {@code {user}} is the name they give. */
  @WithDefault("(uid={user})")
  String userFilter();

  /** An attribute that never changes and is never used twice, by which a user is known again. */
  @WithDefault("entryUUID")
  String idAttribute();

  /** The attribute of a user with the names (DN) of their groups, where no groups are searched. */
  @WithDefault("memberOf")
  String groupAttribute();

  /** Below which entry to search the groups of a user; absent: {@code group-attribute} is read. */
  Optional<String> groupBase();

  /** What finds the groups of a user; {@code {dn}} is the user's entry, {@code {user}} the name. */
  @WithDefault("(member={dn})")
  String groupFilter();

  /** Whether somebody without an account here gets one with the first login. */
  @WithDefault("true")
  boolean provision();

  /** The longest wait for a connection, and for an answer. */
  @WithDefault("5s")
  Duration timeout();

  /** The most connections at once; further logins wait for one as long as {@code timeout}. */
  @WithDefault("8")
  int poolSize();
}
