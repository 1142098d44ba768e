package io.kumo.gateway.http;

import io.kumo.core.http.OwnHosts;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.memcached.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Makes decoders for the connections of one event loop; confined to it. */
public final class HttpKeys implements ClientLoop.Decoders {
  private final HttpCommands commands;
  private final McSettings settings;
  private final OwnHosts hosts;
  private final byte[] tooMany;

  /**
   * @param pool of the loop
   * @param hosts by which the port may be asked for
   */
  public HttpKeys(CommandPool pool, McSettings settings, OwnHosts hosts) {
    this.hosts = hosts;
    this.commands = new HttpCommands(pool);
    this.settings = settings;
    ByteBuf response = Unpooled.buffer();
    HttpReplies.refuse(
        new RefusedRequest(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many connections"),
        false,
        true,
        "",
        response);
    this.tooMany = ByteBufUtil.getBytes(response);
  }

  /** Whatever the first byte is, it is HTTP. */
  @Override
  public RequestDecoder forFirstByte(byte first, Login login) {
    return new HttpKeyDecoder(commands, settings, login, hosts);
  }

  @Override
  public byte[] tooManyConnections() {
    return tooMany;
  }
}
