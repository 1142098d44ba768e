package io.kumo.gateway.memcached;

import io.kumo.core.auth.Rights;
import io.kumo.core.route.request.KeyList;
import io.kumo.gateway.auth.Login;

/** What the user of a connection may ask for. */
public final class Permission {
  private Permission() {}

  /**
   * Answers a command that its client may not give. What has been answered already, and what says
   * who the client is, anybody may.
   */
  public static void check(McCommand command, Login login) {
    boolean anybody =
        command.isDecided()
            || command.operation() == McOperation.AUTHENTICATE
            || command.operation() == McOperation.QUIT;
    if (anybody) {
      return;
    }
    Rights rights = login.rights();
    if (rights == null) {
      // Its user was there when it logged in.
      command.closing();
      refuse(command, McStatus.UNAUTHENTICATED);
    } else if (!allows(rights, command)) {
      refuse(command, McStatus.NOT_PERMITTED);
    }
  }

  private static void refuse(McCommand command, McStatus status) {
    command.request().dropValue();
    command.answer(status);
  }

  private static boolean allows(Rights rights, McCommand command) {
    if (command.operation() == McOperation.FLUSH_ALL) {
      return rights.mayFlush();
    }
    if (command.operation().isWrite() && !rights.mayWrite()) {
      return false;
    }
    if (command.operation() == McOperation.LIST_KEYS) {
      command.rights(rights);
      return true;
    }
    if (command.operation() == McOperation.STATS && touchesOthers(command)) {
      return rights.coverAll();
    }
    KeyList keys = command.request().keys();
    for (int i = 0; i < keys.size(); i++) {
      if (!rights.owns(keys.bytes(), keys.clientKeyStart(i), keys.clientKeyLength(i))) {
        return false;
      }
    }
    return true;
  }

  /** One resets what everybody is shown, one shows the addresses of all clients. */
  private static boolean touchesOthers(McCommand command) {
    String arguments = command.form().echoText();
    return arguments.equals("reset")
        || arguments.startsWith("reset ")
        || arguments.equals("conns")
        || arguments.startsWith("conns ");
  }
}
