package io.kumo.core.net;

import io.kumo.core.guard.Guard;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NameFollower;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up as the system does, on a thread of its own that ends when there is nothing to do.
 * Thread-safe.
 */
public final class SystemResolver implements NameFollower.Resolver {
  private static final int MAX_WAITING = 64;

  private final ThreadPoolExecutor thread;

  public SystemResolver() {
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            work -> {
              Thread made = new Thread(work, "kumo-names");
              made.setDaemon(true);
              return made;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  public void lookUp(String host, int port, Consumer<@Nullable NodeAddress> found) {
    if (thread.getQueue().remainingCapacity() == 0) {
      found.accept(null);
      return;
    }
    thread.execute(
        () -> Guard.ofProcess().run("name", host, () -> found.accept(resolve(host, port))));
  }

  /** The first IPv4 address, as in kumofs 0.4.13, else the first; null if there is none. */
  public static @Nullable NodeAddress resolve(String host, int port) {
    try {
      InetAddress[] all = InetAddress.getAllByName(host);
      for (InetAddress address : all) {
        if (address instanceof Inet4Address) {
          return NodeAddress.of(address.getAddress(), port);
        }
      }
      return NodeAddress.of(new InetSocketAddress(all[0], port));
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
