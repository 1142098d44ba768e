package io.kumo.it.golden;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the process under test, held by hand: sends recorded bytes, keeps the answers,
 * and answers what is asked of it as kumofs 0.4.13 would.
 */
final class Line implements LinkListener, FrameDecoder.FrameHandler {
  /** An answer as bytes: two objects in hex. */
  record Answer(String error, String result) {}

  private final FrameDecoder decoder = new FrameDecoder();
  private final Map<Long, Answer> answers = new HashMap<>();
  private final StringBuilder early = new StringBuilder();
  private final Executor loop;
  private final @Nullable NodeAddress self;
  private final Role role;
  private final IntConsumer asked;
  private @Nullable Link link;
  private boolean closed;

  /**
   * @param loop where the connection lives
   * @param self who it is when somebody connects to it; null where it connects itself
   */
  Line(Executor loop, @Nullable NodeAddress self, Role role) {
    this(loop, self, role, method -> {});
  }

  /**
   * @param asked given the id of each method that is called on it
   */
  Line(Executor loop, @Nullable NodeAddress self, Role role, IntConsumer asked) {
    this.asked = asked;
    this.loop = loop;
    this.self = self;
    this.role = role;
  }

  void send(String hex) {
    loop.execute(() -> sendNow(hex));
  }

  private void sendNow(String hex) {
    if (link == null) {
      early.append(hex);
    } else {
      link.out().writeBytes(HexFormat.of().parseHex(hex));
    }
  }

  /** The answer that has come; ids come round again, so it is given once. */
  @Nullable Answer takeAnswer(long messageId) {
    return answers.remove(messageId);
  }

  void close() {
    loop.execute(
        () -> {
          if (link != null) {
            link.close();
          }
        });
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void opened(Link opened) {
    link = opened;
    sendNow(early.toString());
    early.setLength(0);
  }

  @Override
  public void connectFailed(Throwable cause) {
    closed = true;
  }

  @Override
  public void received(ByteBuf in) {
    try {
      decoder.decode(in, this);
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    closed = true;
  }

  @Override
  public void clusterInit(ClusterInit init) {
    if (self != null && link != null) {
      Frames.clusterInit(link.out(), self, role, 0, 0);
    }
  }

  @Override
  public void response(int msgId, @Nullable ByteBuf error, ByteBuf result) {
    String what = error == null ? "c0" : ByteBufUtil.hexDump(error);
    answers.put(Integer.toUnsignedLong(msgId), new Answer(what, ByteBufUtil.hexDump(result)));
  }

  @Override
  public void request(int msgId, int methodId, ByteBuf params) {
    asked.accept(methodId);
    if (link == null) {
      return;
    }
    Method method = Method.byId(methodId);
    if (method == Method.KEEP_ALIVE || method == null) {
      Frames.nilResponse(link.out(), msgId);
    } else if (method == Method.WRITE_HASH_SPACE_REQUEST
        || method == Method.READ_HASH_SPACE_REQUEST) {
      Frames.responseHeader(link.out(), msgId);
      link.out().writeBytes(HexFormat.of().parseHex("929000"));
    } else if (method != Method.REPLACE_OFFER) {
      Frames.boolResponse(link.out(), msgId, true);
    }
  }
}
