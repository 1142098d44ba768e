package io.kumo.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.Digits;
import io.kumo.gateway.memcached.FailureText;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.ReplyEncoder;
import io.kumo.gateway.memcached.ReplyOutput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Writes the responses. Stateless. */
final class HttpReplies implements ReplyEncoder {
  static final HttpReplies INSTANCE = new HttpReplies();

  /** Mark of a command: its response has no body. */
  static final int HEAD = 1;

  /** Mark: a read whose client has a version of the value. */
  static final int IF_NONE_MATCH = 1 << 1;

  /** Mark: there has to be an item. */
  static final int IF_MATCH = 1 << 2;

  /** Mark: a store that makes the item. */
  static final int CREATES = 1 << 3;

  /** Mark: a client of HTTP/1.0 that goes on. */
  static final int SAY_KEEP_ALIVE = 1 << 4;

  /** The interim response that has a client send its body. */
  static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

  /** What goes with a response to somebody who has not said who he is. */
  static final String CHALLENGE = "WWW-Authenticate: Basic realm=\"kumo\"\r\n";

  private static final int CRLF = '\r' << 8 | '\n';

  private HttpReplies() {}

  @Override
  public void encode(McCommand command, ReplyOutput out) {
    McStatus status = command.status();
    switch (status) {
      case TEXT -> out.buffer().writeBytes(command.text());
      case AUTHENTICATED, AUTHENTICATION_FAILED -> {} // the request is answered
      case FETCHED -> fetched(command, out);
      case STORED -> stored(command, out.buffer());
      case COUNTED -> counted(command, out.buffer());
      case DELETED -> bare(command, HttpResponseStatus.NO_CONTENT, out.buffer());
      case NOT_FOUND -> failed(command, absent(command), "there is no item", out.buffer());
      case EXISTS ->
          failed(command, HttpResponseStatus.PRECONDITION_FAILED, "it has changed", out.buffer());
      case NOT_STORED -> {
        String why = has(command, CREATES) ? "there is an item already" : "there is no item";
        failed(command, HttpResponseStatus.PRECONDITION_FAILED, why, out.buffer());
      }
      default -> {
        byte[] line = FailureText.line(status, command.outcome().reason());
        String words = new String(line, US_ASCII).strip().replaceFirst("^[A-Z]+_ERROR ", "");
        failed(command, errorOf(status), words, out.buffer());
      }
    }
  }

  /** A precondition about an item that is not there has failed. */
  private static HttpResponseStatus absent(McCommand command) {
    return has(command, IF_MATCH)
        ? HttpResponseStatus.PRECONDITION_FAILED
        : HttpResponseStatus.NOT_FOUND;
  }

  private static HttpResponseStatus errorOf(McStatus status) {
    return switch (status) {
      case TOO_LARGE -> HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
      case NON_NUMERIC -> HttpResponseStatus.CONFLICT;
      case NOT_PERMITTED -> HttpResponseStatus.FORBIDDEN;
      case UNAUTHENTICATED -> HttpResponseStatus.UNAUTHORIZED;
      case NOT_IN_LAYOUT -> HttpResponseStatus.BAD_REQUEST;
      // Nothing was done: it may be tried again.
      case OUT_OF_MEMORY, GET_OUT_OF_MEMORY, GET_FAILED -> HttpResponseStatus.SERVICE_UNAVAILABLE;
      // Nobody can tell whether it was done.
      case STORE_FAILED, DELETE_FAILED -> HttpResponseStatus.GATEWAY_TIMEOUT;
      default -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
    };
  }

  private static boolean has(McCommand command, int mark) {
    return (command.form().mark() & mark) != 0;
  }

  private static void fetched(McCommand command, ReplyOutput out) {
    FoundItems found = command.outcome().found();
    if (!found.has(0)) {
      failed(command, absent(command), "there is no item", out.buffer());
      return;
    }
    boolean compares = command.request().has(KeyOptions.COMPARE);
    boolean same = compares && command.request().compare() == found.cas(0);
    if (compares && !same && has(command, IF_MATCH)) {
      failed(command, HttpResponseStatus.PRECONDITION_FAILED, "it has changed", out.buffer());
      return;
    }
    ByteBuf value = found.value(0);
    ByteBuf buffer = out.buffer();
    if (same && has(command, IF_NONE_MATCH)) {
      start(command, HttpResponseStatus.NOT_MODIFIED, buffer);
      version(found.cas(0), buffer);
      buffer.writeShort(CRLF);
      return;
    }
    start(command, HttpResponseStatus.OK, buffer);
    version(found.cas(0), buffer);
    item(found, buffer);
    length(value.readableBytes(), buffer);
    buffer.writeShort(CRLF);
    if (!has(command, HEAD)) {
      out.value(value);
    }
  }

  private static void item(FoundItems found, ByteBuf out) {
    ContentType type = ContentType.of(found.flags(0));
    field("Content-Type", type.text(), out);
    field("X-Content-Type-Options", "nosniff", out);
    if (type == ContentType.BYTES && found.flags(0) != 0) {
      number(HttpCommands.FLAGS, Integer.toUnsignedLong(found.flags(0)), out);
    }
    if (found.expiry(0) != 0) {
      number(HttpCommands.EXPIRY, found.expiry(0), out);
    }
  }

  private static void stored(McCommand command, ByteBuf out) {
    boolean creates = has(command, CREATES);
    start(command, creates ? HttpResponseStatus.CREATED : HttpResponseStatus.NO_CONTENT, out);
    version(command.outcome().casUnique(), out);
    if (creates) {
      length(0, out);
    }
    out.writeShort(CRLF);
  }

  private static void counted(McCommand command, ByteBuf out) {
    long number = command.outcome().number();
    start(command, HttpResponseStatus.OK, out);
    version(command.outcome().casUnique(), out);
    field("Content-Type", ContentType.TEXT.text(), out);
    length(Digits.length(number), out);
    out.writeShort(CRLF);
    Digits.write(out, number);
  }

  private static void bare(McCommand command, HttpResponseStatus status, ByteBuf out) {
    start(command, status, out);
    out.writeShort(CRLF);
  }

  private static void failed(
      McCommand command, HttpResponseStatus status, String why, ByteBuf out) {
    start(command, status, out);
    explanation(why, has(command, HEAD), out);
  }

  /**
   * Writes a response to a request of which there is no command to tell how to answer.
   *
   * @param head whether the body is left out
   * @param closes whether the connection closes behind it
   */
  static void refuse(
      RefusedRequest refused, boolean head, boolean closes, String more, ByteBuf out) {
    line(refused.status(), out);
    if (closes) {
      field("Connection", "close", out);
    }
    ByteBufUtil.writeAscii(out, more);
    explanation(String.valueOf(refused.getMessage()), head, out);
  }

  private static void explanation(String why, boolean head, ByteBuf out) {
    field("Content-Type", ContentType.TEXT.text(), out);
    length(why.length() + 1, out);
    out.writeShort(CRLF);
    if (!head) {
      ByteBufUtil.writeAscii(out, why);
      out.writeByte('\n');
    }
  }

  private static void start(McCommand command, HttpResponseStatus status, ByteBuf out) {
    line(status, out);
    if (command.isClosing()) {
      field("Connection", "close", out);
    } else if (has(command, SAY_KEEP_ALIVE)) {
      field("Connection", "keep-alive", out);
    }
  }

  private static void line(HttpResponseStatus status, ByteBuf out) {
    ByteBufUtil.writeAscii(out, "HTTP/1.1 ");
    ByteBufUtil.writeAscii(out, status.codeAsText());
    out.writeByte(' ');
    ByteBufUtil.writeAscii(out, status.reasonPhrase());
    out.writeShort(CRLF);
  }

  private static void version(long cas, ByteBuf out) {
    if (cas != 0) {
      ByteBufUtil.writeAscii(out, "ETag: \"");
      Digits.write(out, cas);
      out.writeByte('"');
      out.writeShort(CRLF);
    }
  }

  private static void length(int bytes, ByteBuf out) {
    number("Content-Length", bytes, out);
  }

  private static void number(String name, long number, ByteBuf out) {
    ByteBufUtil.writeAscii(out, name);
    out.writeShort(':' << 8 | ' ');
    Digits.write(out, number);
    out.writeShort(CRLF);
  }

  private static void field(String name, String value, ByteBuf out) {
    ByteBufUtil.writeAscii(out, name);
    out.writeShort(':' << 8 | ' ');
    ByteBufUtil.writeAscii(out, value);
    out.writeShort(CRLF);
  }
}
