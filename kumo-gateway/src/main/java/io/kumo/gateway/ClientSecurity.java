package io.kumo.gateway;

import io.kumo.core.auth.UserFile;
import io.kumo.core.protocol.status.NodeLink;
import io.kumo.core.security.ServerTls;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What clients have to show before they are served, on every port for them.
 *
 * @param users who they may say that they are, as it is now and from any thread; null: anybody is
 *     served
 * @param tls what they have to speak; null: what they send is in the clear
 */
public record ClientSecurity(@Nullable Supplier<UserFile> users, @Nullable ServerTls tls) {
  /** Nothing. */
  public static final ClientSecurity NONE = new ClientSecurity(null, null);

  /** Whether whoever reaches a port is served, by what anybody can read. */
  boolean isOpen() {
    return users == null && tls == null;
  }

  /** For {@code status}: open, password, tls or tls+password. */
  String word() {
    if (users == null) {
      return tls == null ? NodeLink.OPEN : "tls";
    }
    return tls == null ? "password" : "tls+password";
  }
}
