package dev.entrepot.management;

/** What a method of the management API needs its caller to be. {@link Needs} names it. */
public enum Right {
  /** Nothing: what is answered depends on who asks. */
  ANYBODY,
  /** Somebody with a user's account, and the whole of its rights. */
  SIGNED_IN,
  /** The same, about the account itself: nobody has one where there is no authentication. */
  OWN_ACCOUNT,
  /** A user who looks after the registry. */
  ADMINISTRATOR,
  /** The user of the path, or an administrator. */
  SELF,
  /** A member of the path's organisation, or an administrator. */
  MEMBER,
  /** An owner of the path's organisation, or an administrator. */
  OWNER,
  /** Whoever may pull from the path's repository. */
  READ_REPOSITORY,
  /** Whoever may change the settings of the path's repository. */
  MAINTAIN_REPOSITORY,
  /** Whoever may administer the path's repository. */
  ADMINISTER_REPOSITORY
}
