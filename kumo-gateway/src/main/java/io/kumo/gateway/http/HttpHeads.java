package io.kumo.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's parser for the heads of requests, without its pipeline: bodies are left where they are,
 * for whoever counts what a client makes the gateway hold. Confined to its event loop.
 */
final class HttpHeads extends HttpRequestDecoder {
  /** Bytes of a request line, and of all header fields together. */
  static final int MAX_HEAD_BYTES = 8192;

  private final List<Object> parsed = new ArrayList<>(2);
  private boolean encoded;

  HttpHeads() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEAD_BYTES)
            .setMaxHeaderSize(MAX_HEAD_BYTES));
  }

  /**
   * What follows a head is not looked at here, whatever its fields say. The parser takes the
   * Transfer-Encoding away from a message without a body, so it is looked for before.
   */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    encoded = message.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
    return true;
  }

  /** Whether the body behind the last head has no length, but an encoding that tells its end. */
  boolean hasEncodedBody() {
    return encoded;
  }

  /**
   * The next head, or null when more bytes are needed. Borrows {@code in} and consumes what it
   * understood; a head that cannot be understood says so in its decoder result, and is the last.
   */
  @Nullable HttpRequest next(ByteBuf in) {
    try {
      decode(null, in, parsed);
    } catch (Exception e) {
      throw new IllegalStateException("the parser reports what is wrong in what it returns", e);
    }
    HttpRequest head = parsed.isEmpty() ? null : (HttpRequest) parsed.get(0);
    parsed.clear();
    return head;
  }
}
