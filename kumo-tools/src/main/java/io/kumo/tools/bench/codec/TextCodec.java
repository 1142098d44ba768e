package io.kumo.tools.bench.codec;

import java.nio.ByteBuffer;

/** The classic text protocol. */
public final class TextCodec implements Codec {

  private static final byte[] GET = Lines.ascii("get");
  private static final byte[] SET = Lines.ascii("set ");
  private static final byte[] DELETE = Lines.ascii("delete ");
  private static final byte[] INCR = Lines.ascii("incr ");
  private static final byte[] BY_ONE = Lines.ascii(" 1\r\n");
  private static final byte[] NO_FLAGS = Lines.ascii(" 0 0 ");
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] VALUE = Lines.ascii("VALUE ");
  private static final byte[] END = Lines.ascii("END");
  private static final byte[] STORED = Lines.ascii("STORED");
  private static final byte[] DELETED = Lines.ascii("DELETED");
  private static final byte[] NOT_FOUND = Lines.ascii("NOT");
  private static final int LINE_OVERHEAD = 40;

  private final KeySpace keys;
  private final Values values;
  private final ReplyCheck check;

  public TextCodec(KeySpace keys, Values values, ReplyCheck check) {
    this.keys = keys;
    this.values = values;
    this.check = check;
  }

  @Override
  public int sizeOf(BenchRequest request) {
    return request.keyCount * (keys.keyBytes() + 1) + request.valueBytes + LINE_OVERHEAD;
  }

  @Override
  public void write(ByteBuffer out, BenchRequest request) {
    switch (request.operation) {
      case GET, MGET -> {
        out.put(GET);
        for (int i = 0; i < request.keyCount; i++) {
          out.put((byte) ' ');
          keys.write(out, request.indexes[i], request.counter);
        }
        out.put(CRLF);
      }
      case SET -> writeSet(out, request);
      case DELETE -> {
        out.put(DELETE);
        keys.write(out, request.indexes[0], request.counter);
        out.put(CRLF);
      }
      case INCR -> {
        out.put(INCR);
        keys.write(out, request.indexes[0], request.counter);
        out.put(BY_ONE);
      }
    }
  }

  private void writeSet(ByteBuffer out, BenchRequest request) {
    out.put(SET);
    keys.write(out, request.indexes[0], request.counter);
    out.put(NO_FLAGS);
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
    if (request.operation == BenchOperation.GET || request.operation == BenchOperation.MGET) {
      return readValues(in, request);
    }
    int start = in.position();
    int end = Lines.end(in, start);
    if (end < 0) {
      return Reply.INCOMPLETE;
    }
    in.position(end + 2);
    return switch (request.operation) {
      case SET -> Lines.startsWith(in, start, end, STORED) ? Reply.OK : failure(in, start, end);
      case DELETE -> Lines.startsWith(in, start, end, DELETED) ? Reply.OK : failure(in, start, end);
      case INCR, GET, MGET -> isDigit(in.get(start)) ? Reply.OK : failure(in, start, end);
    };
  }

  private Reply readValues(ByteBuffer in, BenchRequest request) {
    while (true) {
      int start = in.position();
      int end = Lines.end(in, start);
      if (end < 0) {
        return Reply.INCOMPLETE;
      }
      if (!Lines.startsWith(in, start, end, VALUE)) {
        in.position(end + 2);
        boolean done = end - start == END.length && Lines.startsWith(in, start, end, END);
        return done ? Reply.OK : failure(in, start, end);
      }
      int key = start + VALUE.length;
      int keyEnd = Lines.blank(in, key, end);
      int flagsEnd = Lines.blank(in, keyEnd + 1, end);
      int length = Lines.number(in, flagsEnd + 1, Lines.blank(in, flagsEnd + 1, end));
      if (length < 0) {
        return Reply.WRONG;
      }
      int data = end + 2;
      if (in.limit() < data + length + 2) {
        return Reply.INCOMPLETE;
      }
      if (!check.keyAndValue(in, key, keyEnd - key, data, length, request)) {
        return Reply.WRONG;
      }
      request.hits++;
      in.position(data + length + 2);
    }
  }

  private static Reply failure(ByteBuffer in, int start, int end) {
    if (Lines.startsWith(in, start, end, NOT_FOUND)) {
      return Reply.NOT_FOUND;
    }
    return Lines.isError(in, start, end) ? Reply.ERROR : Reply.WRONG;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
