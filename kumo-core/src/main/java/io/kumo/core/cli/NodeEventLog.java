package io.kumo.core.cli;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Role;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.Peer;

/** Writes the coming and going of servers to the binary log, in the events of kumofs 0.4.13. */
public final class NodeEventLog implements NodeListener {

  private static final int VERSION = 3;

  private final BinaryLog log;
  private final TimeSource time;

  public NodeEventLog(BinaryLog log, TimeSource time) {
    this.log = log;
    this.time = time;
  }

  @Override
  public void nodeAppeared(Peer peer) {
    write("nS", peer);
  }

  @Override
  public void nodeLost(Peer peer) {
    write("lS", peer);
  }

  private void write(String event, Peer peer) {
    NodeAddress address = peer.address();
    if (address != null && peer.role() == Role.SERVER) {
      log.write(
          new BinaryLog.Event(event, VERSION, time.unixMillis() / 1000)
              .with("addr", address.toBytes()));
    }
  }
}
