package io.kumo.core.cli;

/** Ends a program: the message is the one line that the user sees on stderr. */
public final class CliException extends RuntimeException {

  private final ExitStatus status;

  public CliException(ExitStatus status, String message) {
    super(message);
    this.status = status;
  }

  public CliException(ExitStatus status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** The failure of something that the user asked for rightly. */
  public static CliException failed(String message) {
    return new CliException(ExitStatus.FAILED, message);
  }

  /** A command line that is wrong in a way that the options' own forms cannot express. */
  public static CliException usage(String message) {
    return new CliException(ExitStatus.USAGE, message);
  }

  public ExitStatus status() {
    return status;
  }
}
