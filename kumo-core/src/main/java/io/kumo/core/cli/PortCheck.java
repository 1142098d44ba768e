package io.kumo.core.cli;

import io.kumo.core.cli.listen.ListenAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out early that a port is taken, before anything is made that would have to be removed. */
public final class PortCheck {
  private PortCheck() {}

  /**
   * Throws {@link CliException} when nobody could listen there now. Somebody else may still take it
   * before it is listened on for good.
   */
  public static void requireFree(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
    } catch (IOException e) {
      String name = ListenAddress.text(address);
      throw new CliException(
          ExitStatus.FAILED, "cannot listen on " + name + ": " + Cli.describe(e), e);
    }
  }
}
