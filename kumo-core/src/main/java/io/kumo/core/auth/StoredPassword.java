package io.kumo.core.auth;

/** A password as the user file keeps it. Immutable. */
public sealed interface StoredPassword permits PlainPassword, HashedPassword {
  /** Whether it is this one; takes as long whatever the answer is. Borrows. */
  boolean matches(byte[] password);

  /** Whether to compare takes so long that an event loop must not. */
  boolean isSlow();

  /** As it stands in the file. */
  String text();
}
