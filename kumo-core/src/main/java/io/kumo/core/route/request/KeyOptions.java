package io.kumo.core.route.request;

/** The bits of {@link KeyRequest#options}: what a request asks for beyond its operation. */
public final class KeyOptions {
  /** Go ahead only when the record's CAS is {@link KeyRequest#compare}, which may be 0. */
  public static final int COMPARE = 1;

  /** The record gets {@link KeyRequest#newCas} as its CAS. */
  public static final int NEW_CAS = 1 << 1;

  /** A store with an older CAS is accepted and marked stale; a delete marks the record stale. */
  public static final int INVALIDATE = 1 << 2;

  /** A miss makes a record that expires at {@link KeyRequest#vivifyExpiry}. */
  public static final int VIVIFY = 1 << 3;

  /** The record gets {@link KeyRequest#expiry} though the operation is not a store. */
  public static final int NEW_EXPIRY = 1 << 4;

  /** A record that expires before {@link KeyRequest#recacheExpiry} is there to be won. */
  public static final int RECACHE = 1 << 5;

  /** A delete leaves an empty record. */
  public static final int REMOVE_VALUE = 1 << 6;

  /** The outcome of a write is to carry the item, beyond what its operation needs. */
  public static final int RETURN_ITEM = 1 << 7;

  /** A read that finds a stale item is to compete for the right to recache it. */
  public static final int COMPETES = 1 << 8;

  /** The key was given in base64. */
  public static final int KEY_BASE64 = 1 << 9;

  /** An import: {@link KeyRequest#newCas} is a version, and anything newer stays. */
  public static final int UNLESS_NEWER = 1 << 10;

  private KeyOptions() {}
}
