package io.kumo.tools.repair;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.RepairRecord;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.KeyText;
import io.kumo.tools.Layout;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** What {@code kumoctl recover} does. */
public final class RecoverRun {
  private static final int LOOKS = 50;
  private static final long BETWEEN_LOOKS_NS = Duration.ofMillis(100).toNanos();

  private final Printer printer;
  private final InetSocketAddress manager;

  public RecoverRun(Printer printer, InetSocketAddress manager) {
    this.printer = printer;
    this.manager = manager;
  }

  /** Returns what the program is to end with. */
  public ExitStatus recover(String what, boolean isKey) {
    Layout layout = Layout.of(printer.options(), manager);
    Optional<NodeAddress> server = isKey ? Optional.empty() : server(what, layout);
    if (server.isEmpty()) {
      return key(layout, KeyText.rawKey(what));
    }
    VerifyRun run = new VerifyRun(printer, manager);
    run.begin(true, 0, HashRange.ALL, server.get());
    return run.await();
  }

  private static Optional<NodeAddress> server(String what, Layout layout) {
    String withPort = what + ":" + DefaultPorts.SERVER;
    return layout.active().stream()
        .filter(node -> node.toString().equals(what) || node.toString().equals(withPort))
        .findFirst();
  }

  private ExitStatus key(Layout layout, ByteBuf rawKey) {
    NodeAddress coordinator = layout.spaces().write().coordinator(RawKey.hash(rawKey));
    if (coordinator == null) {
      throw CliException.failed("no server serves this key");
    }
    boolean taken;
    try (RpcClient client = printer.options().connect(coordinator.toSocketAddress())) {
      RepairRecord order = new RepairRecord(Method.COMPARE_RECORD, rawKey.duplicate());
      taken = Boolean.TRUE.equals(client.call(order, RpcClient::nilOrBool));
    }
    if (!taken) {
      throw CliException.failed(coordinator + " does not coordinate the key any more; try again");
    }
    KeyCopies copies = KeyCopies.ask(printer, manager, rawKey);
    for (int i = 1; i < LOOKS && copies.differ(); i++) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
      copies = KeyCopies.ask(printer, manager, rawKey);
    }
    return copies.print(printer);
  }
}
