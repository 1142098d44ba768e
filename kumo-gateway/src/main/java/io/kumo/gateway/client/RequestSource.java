package io.kumo.gateway.client;

import io.kumo.core.protocol.Limits;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.Permission;
import io.kumo.gateway.memcached.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived of one client's requests, decoded one at a time. Owns the bytes, and the request
 * that was put back because it has to wait. Confined to its event loop.
 */
final class RequestSource {
  private final ClientLoop.Decoders decoders;
  private final Login login;
  private final ClientInput in = new ClientInput();
  private @Nullable RequestDecoder decoder;
  private @Nullable McCommand blocked;

  /**
   * @param decoders choose by the first byte
   * @param login of the client
   */
  RequestSource(ClientLoop.Decoders decoders, Login login) {
    this.decoders = decoders;
    this.login = login;
  }

  /** What the client is told when its connection is one too many. */
  byte[] tooManyConnections() {
    return decoders.tooManyConnections();
  }

  /** Takes what was read. */
  void add(ByteBufAllocator allocator, ByteBuf bytes) {
    in.add(allocator, bytes);
  }

  /** Gives the next request away; null when more bytes are needed. */
  @Nullable McCommand next() {
    if (blocked != null) {
      McCommand command = blocked;
      blocked = null;
      return command;
    }
    if (!hasBytes()) {
      return null;
    }
    ByteBuf bytes = in.isEmpty() ? Unpooled.EMPTY_BUFFER : in.bytes();
    if (decoder == null) {
      decoder = decoders.forFirstByte(bytes.getByte(bytes.readerIndex()), login);
    }
    McCommand command = decoder.decode(bytes);
    if (command != null && login.isRequired()) {
      Permission.check(command, login);
    }
    return command;
  }

  /** Whether it is being found out who the client is. */
  boolean awaitsLogin() {
    return login.isBusy();
  }

  /** Takes back a request that has to wait; it is the next one. */
  void putBack(McCommand command) {
    blocked = command;
  }

  /** Whether a request waits that was decoded already. */
  boolean isBlocked() {
    return blocked != null;
  }

  /** Whether there is something to decode. */
  boolean hasBytes() {
    return !in.isEmpty() || (decoder != null && decoder.holdsRequest());
  }

  /** Whether the client has said that nothing more comes, or what no request begins with. */
  boolean isFinished() {
    return decoder != null && decoder.isFinished();
  }

  /** Whether a line of text is understood as an error wherever a reply may stand. */
  boolean speaksLines() {
    return decoder != null && decoder.speaksLines();
  }

  /** Bytes of memory that unfinished and waiting requests take. */
  long heldBytes() {
    ByteBuf waiting = blocked == null ? null : blocked.request().value();
    long bytes = in.heldBytes() + (waiting == null ? 0 : waiting.readableBytes());
    return bytes + (decoder == null ? 0 : decoder.heldBytes());
  }

  /** Whether much is still to come of a value. */
  boolean isUpload() {
    return blocked == null
        && decoder != null
        && decoder.pendingValue().missingBytes() > Limits.SMALL_UPLOAD_BYTES;
  }

  /** Bytes that they will take more when they grow next. */
  long growthBytes() {
    long growth = blocked == null ? in.heldBytes() : 0;
    return growth + (decoder == null ? 0 : decoder.pendingValue().growthBytes());
  }

  /** Gives up the value that has arrived last; returns its request, answered; null without any. */
  @Nullable McCommand refuseStore() {
    McCommand waiting = blocked;
    if (waiting != null && waiting.operation().isStore()) {
      blocked = null;
      waiting.request().dropValue();
      return waiting.answer(McStatus.OUT_OF_MEMORY);
    }
    return waiting != null || decoder == null ? null : decoder.pendingValue().giveUp();
  }

  /** Gives back the memory that nothing is left in. */
  void tidy(ByteBufAllocator allocator) {
    in.tidy(allocator);
  }

  /** Nothing more is decoded. */
  void dropBytes() {
    in.release();
  }

  /** The connection is gone. */
  void close() {
    if (blocked != null) {
      blocked.recycle();
      blocked = null;
    }
    if (decoder != null) {
      decoder.close();
    }
    in.release();
  }
}
