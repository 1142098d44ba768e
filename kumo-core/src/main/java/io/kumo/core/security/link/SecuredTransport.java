package io.kumo.core.security.link;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Listening;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * A network on which a link opens, for those who listen and who connect, when both ends have proved
 * themselves. Everything else is as it is without.
 */
final class SecuredTransport implements Transport {
  private final Transport network;
  private final ClusterSecurity security;

  SecuredTransport(Transport network, ClusterSecurity security) {
    this.network = network;
    this.security = security;
  }

  @Override
  public void connect(NodeAddress remote, long timeoutNs, LinkListener listener) {
    network.connect(remote, timeoutNs, security.outgoing(network, remote, listener));
  }

  @Override
  public Listening listen(NodeAddress local, Supplier<LinkListener> listeners) throws IOException {
    UnderWay underWay = new UnderWay();
    return network.listen(local, () -> security.incoming(network, underWay, listeners.get()));
  }

  @Override
  public String protection() {
    return security.protection();
  }

  @Override
  public TimeSource time() {
    return network.time();
  }

  @Override
  public Guard guard() {
    return network.guard();
  }

  @Override
  public long maxUnsentBytes() {
    return network.maxUnsentBytes();
  }

  @Override
  public ByteBuf buffer() {
    return network.buffer();
  }

  @Override
  public boolean inLoop() {
    return network.inLoop();
  }

  @Override
  public void execute(Runnable task) {
    network.execute(task);
  }

  @Override
  public Cancellable schedule(long delayNs, Runnable task) {
    return network.schedule(delayNs, task);
  }

  @Override
  public void atBatchEnd(Runnable task) {
    network.atBatchEnd(task);
  }
}
