package io.kumo.core.protocol.wire;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;

/**
 * Writes the envelope of messages: {@code [0, id, method, params]}, {@code [1, id, error, result]}
 * and {@code [2, address, role, ...]}. They follow one another without any outer framing.
 */
public final class Frames {
  static final int REQUEST = 0;
  static final int RESPONSE = 1;

  private static final int ENVELOPE_LENGTH = 4;

  private Frames() {}

  public static void request(ByteBuf out, int msgId, Message message) {
    requestHeader(out, msgId, message.method().id());
    message.encode(out);
  }

  /** To be followed by the array of parameters. */
  public static void requestHeader(ByteBuf out, int msgId, int methodId) {
    MsgPack.writeArrayHeader(out, ENVELOPE_LENGTH);
    MsgPack.writeUnsigned(out, REQUEST);
    MsgPack.writeU32(out, msgId);
    MsgPack.writeU32(out, methodId);
  }

  /** Of a success; to be followed by one object, the result. */
  public static void responseHeader(ByteBuf out, int msgId) {
    MsgPack.writeArrayHeader(out, ENVELOPE_LENGTH);
    MsgPack.writeUnsigned(out, RESPONSE);
    MsgPack.writeU32(out, msgId);
    MsgPack.writeNil(out);
  }

  public static void nilResponse(ByteBuf out, int msgId) {
    responseHeader(out, msgId);
    MsgPack.writeNil(out);
  }

  public static void boolResponse(ByteBuf out, int msgId, boolean result) {
    responseHeader(out, msgId);
    MsgPack.writeBool(out, result);
  }

  /** All 64 bits of {@code result}, unsigned. */
  public static void unsignedResponse(ByteBuf out, int msgId, long result) {
    responseHeader(out, msgId);
    MsgPack.writeUnsigned(out, result);
  }

  /** Borrows {@code result}. */
  public static void rawResponse(ByteBuf out, int msgId, ByteBuf result) {
    responseHeader(out, msgId);
    MsgPack.writeRaw(out, result);
  }

  public static void errorResponse(ByteBuf out, int msgId, ErrorCode error) {
    errorHeader(out, msgId);
    MsgPack.writeUnsigned(out, error.id());
    MsgPack.writeNil(out);
  }

  /** As kumofs 0.4.13 refuses an empty backup suffix. */
  public static void errorResponse(ByteBuf out, int msgId, byte[] text) {
    errorHeader(out, msgId);
    MsgPack.writeRaw(out, text);
    MsgPack.writeNil(out);
  }

  /** As kumofs 0.4.13 reports a failed backup: the error element is {@code true}. */
  public static void trueErrorResponse(ByteBuf out, int msgId) {
    errorHeader(out, msgId);
    MsgPack.writeBool(out, true);
    MsgPack.writeNil(out);
  }

  private static void errorHeader(ByteBuf out, int msgId) {
    MsgPack.writeArrayHeader(out, ENVELOPE_LENGTH);
    MsgPack.writeUnsigned(out, RESPONSE);
    MsgPack.writeU32(out, msgId);
  }

  /** Plain, as kumofs 0.4.13 sends it, if capabilities and incarnation are 0. */
  public static void clusterInit(
      ByteBuf out, NodeAddress address, Role role, int capabilities, long incarnation) {
    new ClusterInit(address, role, capabilities, incarnation).encode(out);
  }
}
