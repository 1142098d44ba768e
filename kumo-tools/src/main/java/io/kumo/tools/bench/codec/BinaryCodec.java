package io.kumo.tools.bench.codec;

import java.nio.ByteBuffer;

/** The binary protocol. Several keys are quiet gets that name their keys, closed by a noop. */
public final class BinaryCodec implements Codec {

  private static final int HEADER_BYTES = 24;
  private static final byte REQUEST = (byte) 0x80;
  private static final byte RESPONSE = (byte) 0x81;
  private static final byte GET = 0x00;
  private static final byte SET = 0x01;
  private static final byte DELETE = 0x04;
  private static final byte INCREMENT = 0x05;
  private static final byte NOOP = 0x0a;
  private static final byte GET_KEY_QUIETLY = 0x0d;
  private static final int STATUS_OK = 0;
  private static final int STATUS_NOT_FOUND = 1;
  private static final int SET_EXTRAS = 8;
  private static final int INCREMENT_EXTRAS = 20;
  private static final int NEVER_CREATE = -1;

  private final KeySpace keys;
  private final Values values;
  private final ReplyCheck check;

  public BinaryCodec(KeySpace keys, Values values, ReplyCheck check) {
    this.keys = keys;
    this.values = values;
    this.check = check;
  }

  @Override
  public int sizeOf(BenchRequest request) {
    return request.keyCount * (HEADER_BYTES + keys.keyBytes())
        + request.valueBytes
        + HEADER_BYTES
        + INCREMENT_EXTRAS;
  }

  @Override
  public void write(ByteBuffer out, BenchRequest request) {
    switch (request.operation) {
      case GET -> keyOnly(out, GET, request, 0);
      case MGET -> {
        for (int i = 0; i < request.keyCount; i++) {
          keyOnly(out, GET_KEY_QUIETLY, request, i);
        }
        header(out, NOOP, 0, 0, 0);
      }
      case SET -> {
        header(out, SET, keys.keyBytes(), SET_EXTRAS, request.valueBytes);
        out.putLong(0);
        keys.write(out, request.indexes[0], request.counter);
        if (request.counter) {
          out.put((byte) '0');
        } else {
          values.write(out, request.indexes[0], request.valueBytes);
        }
      }
      case DELETE -> keyOnly(out, DELETE, request, 0);
      case INCR -> {
        header(out, INCREMENT, keys.keyBytes(), INCREMENT_EXTRAS, 0);
        out.putLong(1).putLong(0).putInt(NEVER_CREATE);
        keys.write(out, request.indexes[0], request.counter);
      }
    }
  }

  private void keyOnly(ByteBuffer out, byte opcode, BenchRequest request, int key) {
    header(out, opcode, keys.keyBytes(), 0, 0);
    keys.write(out, request.indexes[key], request.counter);
  }

  private static void header(
      ByteBuffer out, byte opcode, int keyBytes, int extraBytes, int valueBytes) {
    out.put(REQUEST).put(opcode).putShort((short) keyBytes).put((byte) extraBytes).put((byte) 0);
    out.putShort((short) 0).putInt(keyBytes + extraBytes + valueBytes).putInt(0).putLong(0);
  }

  @Override
  public Reply read(ByteBuffer in, BenchRequest request) {
    while (true) {
      int start = in.position();
      if (in.remaining() < HEADER_BYTES) {
        return Reply.INCOMPLETE;
      }
      int bodyBytes = in.getInt(start + 8);
      if (in.get(start) != RESPONSE || bodyBytes < 0) {
        return Reply.WRONG;
      }
      int end = start + HEADER_BYTES + bodyBytes;
      if (in.limit() < end) {
        return Reply.INCOMPLETE;
      }
      in.position(end);
      Reply reply = whole(in, start, end, request);
      if (reply != Reply.INCOMPLETE) {
        return reply;
      }
    }
  }

  /** {@link Reply#INCOMPLETE} when the reply of one key of several was read and more follow. */
  private Reply whole(ByteBuffer in, int start, int end, BenchRequest request) {
    byte opcode = in.get(start + 1);
    int status = in.getShort(start + 6);
    if (status == STATUS_NOT_FOUND) {
      return request.operation == BenchOperation.GET ? Reply.OK : Reply.NOT_FOUND;
    }
    if (status != STATUS_OK) {
      request.refused = true;
    }
    if (opcode == NOOP || (status != STATUS_OK && opcode != GET_KEY_QUIETLY)) {
      return request.refused ? Reply.ERROR : Reply.OK;
    }
    if (status != STATUS_OK) {
      return Reply.INCOMPLETE;
    }
    if (opcode != GET && opcode != GET_KEY_QUIETLY) {
      return Reply.OK;
    }
    int keyBytes = in.getShort(start + 2);
    int key = start + HEADER_BYTES + in.get(start + 4);
    int data = key + keyBytes;
    boolean right =
        keyBytes == 0
            ? check.value(in, data, end - data, request)
            : check.keyAndValue(in, key, keyBytes, data, end - data, request);
    request.hits++;
    if (!right) {
      return Reply.WRONG;
    }
    return opcode == GET ? Reply.OK : Reply.INCOMPLETE;
  }
}
