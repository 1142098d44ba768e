package io.kumo.core.rpc;

import io.kumo.core.protocol.ErrorCode;

/**
 * A request that is refused: the caller gets the code, the log the message. Carries no stack trace.
 */
public final class RpcException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public RpcException(ErrorCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
