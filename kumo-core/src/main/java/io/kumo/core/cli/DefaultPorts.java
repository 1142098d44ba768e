package io.kumo.core.cli;

/** The TCP ports that an address without a port means, as in kumofs 0.4.13. */
public final class DefaultPorts {

  /** A manager: servers, partner, gateways and tools. */
  public static final int MANAGER = 19700;

  /** A server's cluster port. */
  public static final int SERVER = 19800;

  /** A server's stream port, which only other servers use. */
  public static final int STREAM = 19900;

  /** A gateway: memcached text, meta and binary. */
  public static final int TEXT = 11411;

  /** A gateway: memcached binary only. */
  public static final int BINARY = 11511;

  /** A gateway: the original's binary dialect whose replies come in completion order. */
  public static final int CLOUDY = 11611;

  /** A gateway: keys over HTTP, where it is told to serve them. */
  public static final int HTTP_KEYS = 11711;

  /** Any program: its metrics, where it is told to show them. */
  public static final int METRICS = 11911;

  private DefaultPorts() {}
}
