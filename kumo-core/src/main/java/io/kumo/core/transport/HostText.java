package io.kumo.core.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Brings the texts of an address into one form: IPv6 has many, with brackets, zeros and scopes. */
public final class HostText {
  private HostText() {}

  /** The same for all texts of an address; a name, and what is none, as it is. */
  public static String canonical(String host) {
    if (host.indexOf(':') < 0) {
      return host;
    }
    String bare = host.replaceAll("[\\[\\]]", "").replaceFirst("%.*", "");
    try {
      return InetAddress.getByName(bare).getHostAddress();
    } catch (UnknownHostException e) {
      return bare + " (" + e.getMessage() + ")";
    }
  }
}
