package io.kumo.local;

import io.kumo.core.rpc.RpcOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LocalCluster} is made of.
 *
 * @param servers from 1 to {@link #MAX_SERVERS}; 0 for as many as the folder has had, or three in a
 *     new one
 * @param memcached where the gateway listens; port 0 takes a free one
 * @param manager where the manager listens; port 0 takes a free one
 * @param folder holds the records, and is kept; null for a temporary one
 * @param keep whether a temporary folder, too, is left when the cluster is closed
 * @param rpc how patiently the daemons call one another
 */
public record LocalConfig(
    int servers,
    InetSocketAddress memcached,
    InetSocketAddress manager,
    @Nullable Path folder,
    boolean keep,
    RpcOptions rpc) {
  /** Each takes about 35 MB. */
  public static final int MAX_SERVERS = 16;

  /** Three servers on free ports of the loopback address, with a temporary folder. */
  public static final LocalConfig DEFAULT =
      new LocalConfig(0, anyPort(), anyPort(), null, false, RpcOptions.DEFAULT);

  /** Checks the bounds. */
  public LocalConfig {
    if (servers < 0 || servers > MAX_SERVERS) {
      throw new IllegalArgumentException("servers must be from 1 to " + MAX_SERVERS);
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** The same with another number of servers. */
  public LocalConfig withServers(int count) {
    return new LocalConfig(count, memcached, manager, folder, keep, rpc);
  }

  /** The same with the gateway elsewhere. */
  public LocalConfig withMemcached(InetSocketAddress address) {
    return new LocalConfig(servers, address, manager, folder, keep, rpc);
  }

  /** The same with the manager elsewhere. */
  public LocalConfig withManager(InetSocketAddress address) {
    return new LocalConfig(servers, memcached, address, folder, keep, rpc);
  }

  /** The same with its records in a folder of the caller's, which outlives the cluster. */
  public LocalConfig withFolder(Path path) {
    return new LocalConfig(servers, memcached, manager, path, keep, rpc);
  }
}
