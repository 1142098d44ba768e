package io.kumo.gateway.testing;

import java.io.IOException;

/** A gateway and a real memcached that is asked the same. */
public final class BesideMemcached implements AutoCloseable {
  private final Memcached memcached;
  private final TestGateway gateway;

  private BesideMemcached(Memcached memcached, TestGateway gateway) {
    this.memcached = memcached;
    this.gateway = gateway;
  }

  /** Both as they are by default; skips the test where there is no memcached to compare with. */
  public static BesideMemcached start() throws IOException {
    return start(Memcached.start(), TestGateway.Setup.DEFAULT);
  }

  /** Beside a memcached that runs, which it takes. */
  public static BesideMemcached start(Memcached memcached, TestGateway.Setup setup) {
    return new BesideMemcached(memcached, TestGateway.start(setup));
  }

  /** Another client of the gateway. */
  public RawClient ours() throws IOException {
    return gateway.client();
  }

  /** Another client of memcached. */
  public RawClient theirs() throws IOException {
    return new RawClient(memcached.port());
  }

  public int ourPort() {
    return gateway.port();
  }

  public int theirPort() {
    return memcached.port();
  }

  @Override
  public void close() {
    gateway.close();
    memcached.close();
  }
}
