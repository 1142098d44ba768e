package io.kumo.gateway.listener;

import io.kumo.core.clock.TimeSource;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.Line;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.memcached.RequestDecoder;
import io.kumo.gateway.memcached.binary.BinaryDecoder;
import io.kumo.gateway.memcached.text.TextCommands;
import io.kumo.gateway.memcached.text.TextDecoder;
import io.kumo.gateway.memcached.text.TextLogin;

/** Makes decoders for the connections of one event loop; confined to it. */
public final class ProtocolDecoders {
  private final CommandPool pool;
  private final McSettings settings;
  private final TextCommands text;
  private final Line line = new Line();

  /**
   * @param time by which the rest of an item's life is told
   */
  public ProtocolDecoders(CommandPool pool, McSettings settings, TimeSource time) {
    this.pool = pool;
    this.settings = settings;
    this.text = new TextCommands(pool, settings, time);
  }

  /** A connection's first byte tells: 0x80 is binary, anything else text, meta included. */
  public ClientLoop.Decoders anyProtocol() {
    return (first, login) -> first == BinaryDecoder.REQUEST_MAGIC ? binary(login) : textual(login);
  }

  /** Anything but binary closes the connection. */
  public ClientLoop.Decoders binaryOnly() {
    return (first, login) -> binary(login);
  }

  private RequestDecoder textual(Login login) {
    RequestDecoder known = new TextDecoder(text, line);
    return login.isRequired() ? new TextLogin(pool, line, login, known) : known;
  }

  private RequestDecoder binary(Login login) {
    return new BinaryDecoder(pool, settings, login);
  }
}
