package io.kumo.tools.bench.codec;

import java.nio.ByteBuffer;

/** The meta commands. Several keys are quiet gets that name their keys, closed by {@code mn}. */
public final class MetaCodec implements Codec {

  private static final byte[] GET = Lines.ascii("mg ");
  private static final byte[] SET = Lines.ascii("ms ");
  private static final byte[] DELETE = Lines.ascii("md ");
  private static final byte[] ARITHMETIC = Lines.ascii("ma ");
  private static final byte[] VALUE_WANTED = Lines.ascii(" v\r\n");
  private static final byte[] KEY_AND_VALUE_WANTED = Lines.ascii(" v k q\r\n");
  private static final byte[] NO_OPERATION = Lines.ascii("mn\r\n");
  private static final byte[] CRLF = {'\r', '\n'};
  private static final int LINE_OVERHEAD = 24;

  private final KeySpace keys;
  private final Values values;
  private final ReplyCheck check;

  public MetaCodec(KeySpace keys, Values values, ReplyCheck check) {
    this.keys = keys;
    this.values = values;
    this.check = check;
  }

  @Override
  public int sizeOf(BenchRequest request) {
    return request.keyCount * (keys.keyBytes() + LINE_OVERHEAD)
        + request.valueBytes
        + LINE_OVERHEAD;
  }

  @Override
  public void write(ByteBuffer out, BenchRequest request) {
    switch (request.operation) {
      case GET -> line(out, GET, request, 0, VALUE_WANTED);
      case MGET -> {
        for (int i = 0; i < request.keyCount; i++) {
          line(out, GET, request, i, KEY_AND_VALUE_WANTED);
        }
        out.put(NO_OPERATION);
      }
      case SET -> writeSet(out, request);
      case DELETE -> line(out, DELETE, request, 0, CRLF);
      case INCR -> line(out, ARITHMETIC, request, 0, CRLF);
    }
  }

  private void line(ByteBuffer out, byte[] command, BenchRequest request, int key, byte[] rest) {
    out.put(command);
    keys.write(out, request.indexes[key], request.counter);
    out.put(rest);
  }

  private void writeSet(ByteBuffer out, BenchRequest request) {
    out.put(SET);
    keys.write(out, request.indexes[0], request.counter);
    out.put((byte) ' ');
    Lines.putNumber(out, request.valueBytes);
    out.put(CRLF);
    if (request.counter) {
      out.put((byte) '0');
    } else {
      values.write(out, request.indexes[0], request.valueBytes);
    }
    out.put(CRLF);
  }

  @Override
  public Reply read(ByteBuffer in, BenchRequest request) {
    while (true) {
      int start = in.position();
      int end = Lines.end(in, start);
      if (end < 0) {
        return Reply.INCOMPLETE;
      }
      int status = end - start < 2 ? 0 : in.get(start) << 8 | in.get(start + 1);
      if (status != ('V' << 8 | 'A')) {
        in.position(end + 2);
        Reply reply = simple(in, status, start, end);
        if (request.operation != BenchOperation.MGET || reply == Reply.WRONG) {
          return reply;
        }
        request.refused |= reply == Reply.ERROR;
        if (reply == Reply.OK) {
          return request.refused ? Reply.ERROR : Reply.OK;
        }
        continue;
      }
      int lengthEnd = Lines.blank(in, start + 3, end);
      int length = Lines.number(in, start + 3, lengthEnd);
      int data = end + 2;
      if (length < 0) {
        return Reply.WRONG;
      }
      if (in.limit() < data + length + 2) {
        return Reply.INCOMPLETE;
      }
      if (!valueIsRight(in, lengthEnd + 2, end, data, length, request)) {
        return Reply.WRONG;
      }
      request.hits++;
      in.position(data + length + 2);
      if (request.operation != BenchOperation.MGET) {
        return Reply.OK;
      }
    }
  }

  private boolean valueIsRight(
      ByteBuffer in, int key, int keyEnd, int data, int length, BenchRequest request) {
    return request.operation == BenchOperation.MGET
        ? check.keyAndValue(in, key, keyEnd - key, data, length, request)
        : check.value(in, data, length, request);
  }

  private static Reply simple(ByteBuffer in, int status, int start, int end) {
    return switch (status) {
      case 'H' << 8 | 'D', 'E' << 8 | 'N', 'M' << 8 | 'N' -> Reply.OK;
      case 'N' << 8 | 'F' -> Reply.NOT_FOUND;
      case 'N' << 8 | 'S', 'E' << 8 | 'X' -> Reply.ERROR;
      default -> Lines.isError(in, start, end) ? Reply.ERROR : Reply.WRONG;
    };
  }
}
