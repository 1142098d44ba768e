package io.kumo.tools.ctl.command;

import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.desk.Introduce;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Who gives orders, for the history of the managers.
 *
 * @param command as it was typed
 */
public record Introduction(String command) {
  /** Before the first order on a connection; managers of kumofs 0.4.13 keep no history. */
  public void give(RpcClient manager) {
    manager.callIfKnown(new Introduce(who(), command, ""), RpcClient::nilOrBool, () -> null);
  }

  /** After an order to servers, of which the manager has not heard. */
  public void note(Printer printer, InetSocketAddress manager, String outcome) {
    try (RpcClient client = printer.options().connect(manager)) {
      client.callIfKnown(new Introduce(who(), command, outcome), RpcClient::nilOrBool, () -> null);
    } catch (CliException e) {
      printer.note("not in the history: " + e.getMessage());
    }
  }

  private static String who() {
    return System.getProperty("user.name", "") + "@" + host();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // A machine need not know its own name.
    }
  }
}
