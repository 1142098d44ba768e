package io.kumo.core.protocol.store;

import org.jspecify.annotations.Nullable;

/**
 * What may follow the name of a store in the name of its backup. kumofs 0.4.13 takes anything, path
 * separators included, and so writes wherever it is told to.
 */
public final class BackupSuffix {
  private static final int MAX_LENGTH = 100;

  private BackupSuffix() {}

  /** Why a suffix cannot be taken, null when it can. */
  public static @Nullable String objection(String suffix) {
    if (suffix.isEmpty()) {
      return "empty suffix";
    }
    if (suffix.length() > MAX_LENGTH) {
      return "a suffix has at most " + MAX_LENGTH + " characters";
    }
    boolean separates =
        suffix.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    return separates ? "a suffix is part of a file name: no / and no \\" : null;
  }
}
