package io.kumo.tools.top;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.protocol.status.Gateways;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Where gateways that have come to a manager can be asked, as far as they say. Decides only. */
final class RegisteredGateways {
  /** Asked one after the other. */
  static final int MAX_ASKED = 16;

  private static final String ANY = "0.0.0.0";

  private RegisteredGateways() {}

  /** One that listens on the loopback address of another machine cannot be reached. */
  static List<InetSocketAddress> addresses(Gateways gateways) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (Gateways.Gateway gateway : gateways.list()) {
      String address = gateway.status().address();
      int colon = address.lastIndexOf(':');
      if (colon < 0 || found.size() == MAX_ASKED) {
        continue;
      }
      String host = address.substring(0, colon);
      String from = gateway.from().substring(0, Math.max(0, gateway.from().lastIndexOf(':')));
      boolean elsewhere = isLoopback(host) && !isLoopback(from);
      if (!elsewhere && isNumeric(host) && isNumeric(from)) {
        String reached = (host.equals(ANY) ? from : host) + address.substring(colon);
        found.add(AddressConverter.parse(reached, 0));
      }
    }
    return found;
  }

  private static boolean isLoopback(String host) {
    return host.startsWith("127.");
  }

  /** No name is looked up for it. */
  private static boolean isNumeric(String host) {
    return host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }
}
