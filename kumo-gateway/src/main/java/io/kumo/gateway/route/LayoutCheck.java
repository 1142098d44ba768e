package io.kumo.gateway.route;

import io.kumo.core.item.ItemLayout;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.core.route.request.KeyRequest;
import io.kumo.gateway.memcached.CommandExecutor;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;

/**
 * Refuses what the original's records have no place for, as its gateways do: an item stored without
 * the flags or the expiry time that came with it would be another one. Passes everything else on.
 * Confined to its event loop.
 */
public final class LayoutCheck implements CommandExecutor {
  private static final int MAX_ORIGINAL_FLAGS = 0xffff;

  private final ItemLayout layout;
  private final CommandExecutor next;

  /**
   * @param layout of the records that are written
   */
  public LayoutCheck(ItemLayout layout, CommandExecutor next) {
    this.layout = layout;
    this.next = next;
  }

  @Override
  public void execute(McCommand command) {
    if (layout.writeOriginal() && !fits(command.request())) {
      command.complete(McStatus.NOT_IN_LAYOUT);
    } else {
      next.execute(command);
    }
  }

  private boolean fits(KeyRequest request) {
    long most = layout.flags() ? MAX_ORIGINAL_FLAGS : 0;
    if (Integer.toUnsignedLong(request.flags()) > most) {
      return false;
    }
    boolean vivifies = request.has(KeyOptions.VIVIFY) && request.vivifyExpiry() != 0;
    return layout.expiry() || (request.expiry() == 0 && !vivifies);
  }
}
