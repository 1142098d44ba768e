package io.kumo.gateway.http;

import io.kumo.core.http.OwnHosts;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.PendingValue;
import io.kumo.gateway.memcached.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests of HTTP/1.1 out of a connection's bytes. A body has to say its length before it
 * comes. What cannot be understood ends the connection behind a response, because nobody knows
 * where the next request begins. Confined to its event loop.
 */
public final class HttpKeyDecoder implements RequestDecoder {
  private static final Set<HttpMethod> METHODS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.POST);
  private static final String ALLOW = "Allow: GET, HEAD, PUT, DELETE, POST\r\n";

  /** A head in the parser is Strings by now, and takes several times its bytes. */
  private static final int HELD_PER_HEAD_BYTE = 4;

  private final HttpCommands commands;
  private final McSettings settings;
  private final HttpHeads heads = new HttpHeads();
  private final PendingValue value = new PendingValue();
  private final BasicLogin login;
  private final OwnHosts hosts;
  private @Nullable HttpRequest held;
  private boolean finished;
  private int headBytes;

  HttpKeyDecoder(HttpCommands commands, McSettings settings, Login login, OwnHosts hosts) {
    this.hosts = hosts;
    this.login = new BasicLogin(login);
    this.commands = commands;
    this.settings = settings;
  }

  @Override
  public @Nullable McCommand decode(ByteBuf in) {
    if (value.isArriving()) {
      return value.read(in);
    }
    boolean skipped = value.skip(in);
    if (finished) {
      in.skipBytes(in.readableBytes());
      return null;
    }
    if (!skipped) {
      return null;
    }
    HttpRequest head = held;
    if (head != null) {
      held = null;
      return begin(head, in);
    }
    int before = in.readableBytes();
    head = heads.next(in);
    headBytes = head == null ? headBytes + before - in.readableBytes() : 0;
    if (head != null && login.mustVerify(head)) {
      held = head;
      return commands.login();
    }
    return head == null ? null : begin(head, in);
  }

  private void skip(long bytes, ByteBuf in) {
    value.skipNext(bytes);
    value.skip(in);
  }

  private @Nullable McCommand begin(HttpRequest head, ByteBuf in) {
    try {
      requireUnderstood(head, heads.hasEncodedBody());
    } catch (RefusedRequest e) {
      finished = true;
      return refuse(e, head, true);
    }
    long bodyBytes = HttpUtil.getContentLength(head, 0L);
    boolean closes = !HttpUtil.isKeepAlive(head);
    McCommand command;
    try {
      if (!login.isAdmitted()) {
        throw new RefusedRequest(HttpResponseStatus.UNAUTHORIZED, "say who you are");
      }
      requireOwnHost(head);
      requireKnown(head);
      command = commands.read(head);
    } catch (RefusedRequest e) {
      boolean unwanted = HttpUtil.is100ContinueExpected(head) || !login.isAdmitted();
      boolean mayFollow = unwanted && bodyBytes > 0;
      finished = closes || mayFollow;
      skip(bodyBytes, in);
      return refuse(e, head, finished);
    }
    if (closes) {
      finished = true;
      command.closing();
    } else if (head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      command.form().mark(command.form().mark() | HttpReplies.SAY_KEEP_ALIVE);
    }
    if (command.operation().isStore()) {
      return beginValue(head, command, bodyBytes, in);
    }
    skip(bodyBytes, in);
    return command;
  }

  /** What is wrong here makes all that follows meaningless. */
  private static void requireUnderstood(HttpRequest head, boolean encoded) throws RefusedRequest {
    Throwable cause = head.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      throw new RefusedRequest(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the line is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      throw new RefusedRequest(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the fields are too long");
    } else if (cause != null) {
      throw new RefusedRequest(HttpResponseStatus.BAD_REQUEST, "this is no request");
    } else if (head.protocolVersion().majorVersion() != 1) {
      throw new RefusedRequest(
          HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "another version is spoken here");
    } else if (encoded) {
      throw new RefusedRequest(HttpResponseStatus.LENGTH_REQUIRED, "a body needs a Content-Length");
    }
  }

  private void requireOwnHost(HttpRequest head) throws RefusedRequest {
    if (!hosts.allow(head.headers().getAll(HttpHeaderNames.HOST))) {
      throw new RefusedRequest(
          HttpResponseStatus.MISDIRECTED_REQUEST,
          "without --auth-file this port of loopback answers to localhost alone");
    }
  }

  private static void requireKnown(HttpRequest head) throws RefusedRequest {
    if (!METHODS.contains(head.method())) {
      throw new RefusedRequest(
          HttpResponseStatus.METHOD_NOT_ALLOWED, "there are GET, HEAD, PUT, DELETE and POST");
    }
    if (head.method().equals(HttpMethod.PUT)
        && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      throw new RefusedRequest(HttpResponseStatus.LENGTH_REQUIRED, "PUT needs a Content-Length");
    }
  }

  private McCommand refuse(RefusedRequest refused, HttpRequest head, boolean closes) {
    ByteBuf response = Unpooled.buffer();
    boolean bare = head.method().equals(HttpMethod.HEAD);
    HttpReplies.refuse(refused, bare, closes, moreOf(refused.status()), response);
    McCommand command = commands.local();
    if (closes) {
      command.closing();
    }
    return command.answer(ByteBufUtil.getBytes(response));
  }

  private static String moreOf(HttpResponseStatus status) {
    if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      return ALLOW;
    }
    return status.equals(HttpResponseStatus.UNAUTHORIZED) ? HttpReplies.CHALLENGE : "";
  }

  private @Nullable McCommand beginValue(
      HttpRequest head, McCommand command, long bodyBytes, ByteBuf in) {
    boolean asks = HttpUtil.is100ContinueExpected(head);
    if (bodyBytes > settings.maxItemBytes()) {
      if (asks) { // perhaps it does not send the body now
        finished = true;
        command.closing();
      } else {
        skip(bodyBytes, in);
      }
      return command.answer(McStatus.TOO_LARGE);
    }
    value.begin(command, (int) bodyBytes);
    return asks && in.readableBytes() < bodyBytes
        ? commands.local().answer(HttpReplies.CONTINUE)
        : value.read(in);
  }

  @Override
  public boolean holdsRequest() {
    return held != null;
  }

  /** A last request is finished with its value. */
  @Override
  public boolean isFinished() {
    return finished && !value.isArriving();
  }

  @Override
  public int heldBytes() {
    return value.heldBytes() + HELD_PER_HEAD_BYTE * headBytes;
  }

  @Override
  public PendingValue pendingValue() {
    return value;
  }

  @Override
  public boolean speaksLines() {
    return false;
  }

  @Override
  public void close() {
    finished = true;
    value.close();
  }
}
