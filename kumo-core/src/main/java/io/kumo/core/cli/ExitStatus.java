package io.kumo.core.cli;

/** What a program tells the shell. */
public enum ExitStatus {
  /** What was asked is done. */
  DONE(0),
  /** It failed; a line on stderr says why. */
  FAILED(1),
  /** The command line is wrong. */
  USAGE(2),
  /** The command worked, and found that the cluster is not as it should be. */
  NOT_AS_IT_SHOULD_BE(3);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /** The process exit code. */
  public int code() {
    return code;
  }
}
