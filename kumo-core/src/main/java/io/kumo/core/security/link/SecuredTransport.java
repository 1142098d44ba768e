package io.kumo.core.security.link;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.ForwardingTransport;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Listening;
import io.kumo.core.transport.Transport;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * A network on which a link opens, for those who listen and who connect, when both ends have proved
 * themselves. Everything else is as it is without.
 */
final class SecuredTransport extends ForwardingTransport {
  private final Transport network;
  private final ClusterSecurity security;

  SecuredTransport(Transport network, ClusterSecurity security) {
    super(network);
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
}
