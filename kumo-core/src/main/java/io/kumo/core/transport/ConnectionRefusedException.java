package io.kumo.core.transport;

import java.net.ConnectException;

/**
 * The machine that was to be connected to answers that nobody listens there: the process is dead,
 * and the way to its machine is whole. Any other failure of a connect attempt may mean either.
 */
public final class ConnectionRefusedException extends ConnectException {
  private static final long serialVersionUID = 1;

  public ConnectionRefusedException(String message) {
    super(message);
  }
}
