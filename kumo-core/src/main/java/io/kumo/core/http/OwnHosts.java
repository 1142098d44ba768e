package io.kumo.core.http;

import io.kumo.core.transport.HostText;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts by which a port of loopback may be asked for. A page that a browser shows can have its
 * own name lead to 127.0.0.1 (DNS rebinding) and would then read what is there as if it were its
 * own; its requests still name its host. Immutable.
 */
public final class OwnHosts {
  /** Whatever host is named: of ports that ask for a password, or are not of loopback. */
  public static final OwnHosts ANY = new OwnHosts(null);

  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Pattern LOOPBACK =
      Pattern.compile("(.*\\.)?localhost|127(\\.\\d{1,3}){3}|0:0:0:0:0:0:0:1");

  private final @Nullable String configured;

  private OwnHosts(@Nullable String configured) {
    this.configured = configured;
  }

  /** Of a port that anybody is answered at; all hosts if others than this machine reach it. */
  public static OwnHosts of(SocketAddress local) {
    return local instanceof InetSocketAddress port && port.getAddress().isLoopbackAddress()
        ? new OwnHosts(canonical(port.getHostString()))
        : ANY;
  }

  /**
   * Whether a request may be answered.
   *
   * @param named what its {@code Host} fields say; none in a request of HTTP/1.0
   */
  public boolean allow(@Nullable List<String> named) {
    return configured == null
        || named == null
        || named.stream().map(OwnHosts::withoutPort).allMatch(this::isOwn);
  }

  private boolean isOwn(String host) {
    return host.equals(configured) || LOOPBACK.matcher(host).matches();
  }

  private static String withoutPort(String field) {
    String text = field.strip();
    boolean bareWide = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
    return canonical(bareWide ? text : PORT.matcher(text).replaceFirst(""));
  }

  private static String canonical(String host) {
    String small = host.toLowerCase(Locale.ROOT);
    String bare = small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    boolean wide = bare.matches("\\[?[0-9a-f:.]+(%[0-9a-z]+)?]?");
    return wide ? HostText.canonical(bare) : bare;
  }
}
