package dev.entrepot.event;

import java.util.Locale;

/** What the audit log records. */
public enum AuditKind {
  /** Somebody proved who they are, or failed to. */
  SIGN_IN,
  /** A registry token was issued. */
  TOKEN_ISSUE,
  /** Somebody who is known, or holds a token, asked for what they may not do. */
  DENIED,
  BLOB_PUSH,
  BLOB_MOUNT,
  BLOB_DELETE,
  /** A manifest was pushed; its reference is the tags it was pushed with. */
  MANIFEST_PUSH,
  MANIFEST_DELETE,
  /** A tag that was there points elsewhere. */
  TAG_MOVE,
  TAG_DELETE,
  /** A manifest or tags came back from the trash. */
  TRASH_RESTORE,
  /** What had been in the trash for its time is gone for good. */
  TRASH_EMPTY,
  REPOSITORY_DELETE,
  REPOSITORY_RESTORE,
  USER_CREATE,
  USER_CHANGE,
  USER_QUOTA,
  USER_PASSWORD,
  USER_DELETE,
  ORGANISATION_CREATE,
  ORGANISATION_CHANGE,
  ORGANISATION_QUOTA,
  ORGANISATION_DELETE,
  MEMBER_PUT,
  MEMBER_REMOVE,
  TEAM_CREATE,
  TEAM_DELETE,
  TEAM_MEMBER_ADD,
  TEAM_MEMBER_REMOVE,
  /** Other groups of identity providers are in the team from now on. */
  TEAM_GROUPS,
  ROBOT_CREATE,
  ROBOT_CHANGE,
  ROBOT_DELETE,
  /** A personal access token or a robot's secret. */
  SECRET_CREATE,
  SECRET_REVOKE,
  /** A robot's secret ends at a time, because another one takes its place. */
  SECRET_EXPIRE,
  GRANT_PUT,
  GRANT_REMOVE,
  REPOSITORY_CHANGE,
  /** Its README was written or removed. */
  REPOSITORY_README,
  /** Tags of a pattern stay as they are, or need not any more. */
  TAG_RULE_ADD,
  TAG_RULE_REMOVE,
  /** Another issuer's tokens are trusted, by the rules for them. */
  ISSUER_CREATE,
  ISSUER_CHANGE,
  ISSUER_DELETE,
  TRUST_RULE_ADD,
  TRUST_RULE_REMOVE,
  /** Events that could not be written down were dropped; the count says how many. */
  AUDIT_LOST,
  /** A month of this log was dropped because its time was over. */
  AUDIT_DROPPED,
  /** The bytes of a blob were found lost or rotten; its reference is their storage key. */
  BLOB_QUARANTINE,
  /** A blob in quarantine has got bytes from another store; its reference is the old key. */
  BLOB_REFILL,
  /** The database was filled from a backup; its reference is the snapshot's name. */
  RESTORE;

  private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** As rows and answers have it. */
  public String text() {
    return text;
  }
}
