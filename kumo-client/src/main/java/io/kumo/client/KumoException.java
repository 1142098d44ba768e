package io.kumo.client;

/** Why a request has no result. */
public final class KumoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kind of trouble it is. */
  public enum Reason {
    /** Nobody answered a read in time; it changed nothing. */
    UNAVAILABLE,
    /** The fate of a write is unknown: maybe done, never half, never twice. */
    UNKNOWN_OUTCOME,
    /** The value is, or would become, greater than allowed. */
    TOO_LARGE,
    /** The item is not a number that could be counted from. */
    NOT_A_NUMBER,
    /** So much is under way that no more may be; nothing was sent, or what was found let go. */
    BUSY,
    /** The client was closed. */
    CLOSED
  }

  private final Reason reason;

  KumoException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
