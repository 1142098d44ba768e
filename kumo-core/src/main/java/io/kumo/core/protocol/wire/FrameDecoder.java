package io.kumo.core.protocol.wire;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.original.ClusterInit;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds whole messages in the bytes of one connection and hands them out where they lie: no copy
 * and no slice is made. Of a message that has not arrived whole it remembers how far it looked, so
 * a value that arrives in many pieces costs no more than one that arrives at once. Confined to the
 * connection's event loop.
 */
public final class FrameDecoder {
  /**
   * Takes the messages of a connection. All buffers are borrowed and valid during the call only:
   * they are the connection's input itself, with its indices around the part in question. What
   * outlives the call is retained as a slice, or copied.
   */
  public interface FrameHandler {
    /**
     * A request, to be answered once or never.
     *
     * @param params the whole parameters object, not yet checked; decode with {@link Method}
     */
    void request(int msgId, int methodId, ByteBuf params);

    /**
     * The answer to a request of ours.
     *
     * @param error null in a success
     * @param result one object
     */
    void response(int msgId, @Nullable ByteBuf error, ByteBuf result);

    void clusterInit(ClusterInit init);

    /**
     * Whether to go on with the message that comes next, if it is there; when not, what is left of
     * the input waits for a later call.
     *
     * @param in borrowed; all that is left
     */
    default boolean takesMore(ByteBuf in) {
      return true;
    }
  }

  private static final int ENVELOPE_LENGTH = 4;

  private final ObjectScanner scanner;

  public FrameDecoder() {
    this(Limits.MAX_FRAME_BYTES);
  }

  /**
   * With a bound of its own.
   *
   * @param maxFrameBytes a longer message is malformed
   */
  public FrameDecoder(int maxFrameBytes) {
    this.scanner = new ObjectScanner(maxFrameBytes);
  }

  /**
   * Consumes every whole message, as long as the handler takes more.
   *
   * @param in borrowed; what is not consumed must be there again, with more, at the next call
   * @throws MalformedMessageException if the connection has to be closed
   */
  public void decode(ByteBuf in, FrameHandler handler) throws MalformedMessageException {
    while (in.isReadable() && handler.takesMore(in) && scanner.scan(in)) {
      int end = in.readerIndex() + scanner.length();
      scanner.reset();
      int received = in.writerIndex();
      in.writerIndex(end);
      try {
        dispatch(in, handler);
      } finally {
        in.setIndex(end, received);
      }
    }
  }

  private static void dispatch(ByteBuf frame, FrameHandler handler)
      throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(frame, 1);
    long type = MsgPack.readUnsigned(frame);
    if (type == ClusterInit.TYPE) {
      handler.clusterInit(ClusterInit.decode(frame, length));
    } else if (length < ENVELOPE_LENGTH) {
      throw new MalformedMessageException("message of " + length + " elements");
    } else if (type == Frames.REQUEST) {
      request(frame, handler);
    } else if (type == Frames.RESPONSE) {
      response(frame, handler);
    } else {
      throw new MalformedMessageException("message of type " + Long.toUnsignedString(type));
    }
  }

  private static void request(ByteBuf frame, FrameHandler handler)
      throws MalformedMessageException {
    int msgId = MsgPack.readU32(frame);
    int methodId = MsgPack.readU32(frame);
    handler.request(msgId, methodId, frame);
  }

  private static void response(ByteBuf frame, FrameHandler handler)
      throws MalformedMessageException {
    int msgId = MsgPack.readU32(frame);
    ByteBuf error = MsgPack.tryReadNil(frame) ? null : MsgPack.readObject(frame);
    handler.response(msgId, error, frame);
  }
}
