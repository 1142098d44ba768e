package io.kumo.core.protocol.wire;

import io.kumo.core.protocol.ErrorCode;

/**
 * Bytes that are not the message they should be. From {@link FrameDecoder} it means that the
 * connection cannot go on; from decoding the parameters of one request, that this request is
 * answered with {@link ErrorCode#PROTOCOL}. Carries no stack trace, for it is a peer's fault.
 */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message, null, false, false);
  }
}
