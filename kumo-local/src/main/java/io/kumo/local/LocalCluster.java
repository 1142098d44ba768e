package io.kumo.local;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.transport.Transport;
import io.kumo.gateway.Gateway;
import io.kumo.gateway.GatewayConfig;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerProcess;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.StoreOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A manager, some servers and a gateway in this JVM: the very classes that the daemons run, over
 * real sockets and with real files.
 *
 * <pre>{@code
 * try (LocalCluster kumo = LocalCluster.start()) {
 *   MemcachedClient client = new MemcachedClient(kumo.memcached());
 *   ...
 * }
 * }</pre>
 *
 * <p>Everything is small: a server has two data files, 8 MiB of memory for blocks on their way to
 * them, and 16 MiB of redo log. Thread-safe; methods block until what they do is done.
 */
public final class LocalCluster implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final int BIND_ATTEMPTS = 5;
  private static final StoreOptions STORE =
      new StoreOptions(FsyncPolicy.EVERYSEC, 2, 8 << 20, 16 << 20, 0, 2 << 20, 1 << 20);

  private final LocalConfig config;
  private final LocalFolder folder;
  private final List<LocalFolder.Addresses> addresses;
  private final NodeAddress manager;
  private final EventLoops loops = new EventLoops("manager", 1, IoKind.best());
  private final Deque<Runnable> parts = new ArrayDeque<>();
  private final ClusterSecurity security;
  private final Transport transport;
  private final ManagerNode managerNode;
  private final Gateway gateway;
  private boolean closed;

  private LocalCluster(
      LocalConfig config,
      LocalFolder folder,
      List<LocalFolder.Addresses> addresses,
      NodeAddress manager,
      ClusterSecurity security)
      throws IOException {
    this.security = security;
    this.config = config;
    this.folder = folder;
    this.addresses = addresses;
    this.manager = manager;
    this.transport = new NettyTransport(loops, TimeSource.system()).secured(security);
    boolean started = false;
    try {
      managerNode = ManagerNode.start(managerConfig(), transport, newRandom());
      parts.push(managerNode::close);
      for (int i = 0; i < addresses.size(); i++) {
        parts.push(startServer(i)::close);
      }
      gateway = Gateway.start(gatewayConfig(), security);
      parts.push(gateway::close);
      attach();
      started = true;
    } finally {
      if (!started) {
        stop();
      }
    }
  }

  /**
   * Starts three servers on free ports of the loopback address, their records in a temporary
   * folder.
   */
  public static LocalCluster start() throws IOException {
    return start(LocalConfig.DEFAULT);
  }

  /**
   * Returns when every key can be stored.
   *
   * @throws IOException when a port is taken, the folder cannot be used, or the servers do not come
   *     to serve within a minute
   */
  public static LocalCluster start(LocalConfig config) throws IOException {
    return start(config, ClusterSecurity.open(LinkRole.MANAGER));
  }

  /** The same for those alone who prove that they belong to it. */
  static LocalCluster start(LocalConfig config, ClusterSecurity security) throws IOException {
    FreePorts.require(config.memcached());
    FreePorts.require(config.manager());
    LocalFolder folder = LocalFolder.open(config.folder(), config.keep());
    LocalCluster started = null;
    try {
      started = start(config, folder, security);
      return started;
    } finally {
      if (started == null) {
        folder.close();
      }
    }
  }

  /** Ports that were free a moment ago may be taken: then others are. */
  private static LocalCluster start(
      LocalConfig config, LocalFolder folder, ClusterSecurity security) throws IOException {
    for (int attempt = 1; ; attempt++) {
      List<LocalFolder.Addresses> addresses = folder.addresses(config.servers());
      NodeAddress manager =
          config.manager().getPort() == 0
              ? FreePorts.take(1).get(0)
              : NodeAddress.of(config.manager());
      try {
        LocalCluster cluster = new LocalCluster(config, folder, addresses, manager, security);
        folder.write(addresses);
        return cluster;
      } catch (IOException e) {
        if (attempt == BIND_ATTEMPTS || !folder.isRemoved() || !isTaken(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean isTaken(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private static SplittableRandom newRandom() {
    return new SplittableRandom(new SecureRandom().nextLong());
  }

  private ManagerConfig managerConfig() {
    ManagerConfig defaults = ManagerConfig.of(manager, null);
    return new ManagerConfig(
        manager,
        null,
        null,
        defaults.keepalive(),
        defaults.autoReplace(),
        defaults.replaceDelay(),
        defaults.maxClockSkew(),
        defaults.rejoinAfter(),
        config.rpc(),
        null);
  }

  private ServerProcess startServer(int index) throws IOException {
    LocalFolder.Addresses own = addresses.get(index);
    return ServerProcess.start(
        ServerConfig.of(own.self(), own.stream(), List.of(manager)),
        folder.store(index),
        folder.isRemoved() ? STORE.withFsync(FsyncPolicy.NEVER) : STORE,
        config.rpc(),
        security);
  }

  private GatewayConfig gatewayConfig() {
    return GatewayConfig.of(new ManagerOptions(List.of(manager)), config.memcached());
  }

  private void attach() throws IOException {
    Attachment attachment =
        new Attachment(transport, manager, serverNames(), gateway::view, newRandom());
    try {
      attachment.begin().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the servers were attached", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("servers do not come to serve: " + attachment.missing(), e);
    } finally {
      attachment.close();
    }
  }

  private List<NodeAddress> serverNames() {
    return addresses.stream().map(LocalFolder.Addresses::self).toList();
  }

  /** Where memcached clients connect: text, meta and binary. */
  public InetSocketAddress memcached() {
    return gateway.addresses().get(0);
  }

  /** Where kumoctl and other tools, more gateways, and programs with kumo-client connect. */
  public InetSocketAddress manager() {
    return manager.toSocketAddress();
  }

  /** The names of the servers, which are where they listen. */
  public List<InetSocketAddress> servers() {
    return serverNames().stream().map(NodeAddress::toSocketAddress).toList();
  }

  /** Where the records are. */
  public Path folder() {
    return folder.path();
  }

  /** The manager itself, for what tells of nodes. */
  ManagerNode managerNode() {
    return managerNode;
  }

  /** Ends all of it, and removes a temporary folder. */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      stop();
      folder.close();
    }
  }

  private void stop() {
    while (!parts.isEmpty()) {
      parts.pop().run();
    }
    loops.close();
  }
}
