package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A tool, or a server that verifies, asks a server what it has of some keys, whoever serves them:
 * {@code [[raw key, ...]]}. The result is an array of {@link RecordReport}, in that order.
 *
 * @param keys raw, at most {@link #MAX_KEYS}
 */
public record DescribeRecords(List<ByteBuf> keys) implements Message {
  /** Keys in one message: so many values are read in one turn of a loop. */
  public static final int MAX_KEYS = 32;

  private static final int LENGTH = 1;

  public DescribeRecords {
    keys = List.copyOf(keys);
  }

  public static DescribeRecords decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_KEYS) {
      throw new MalformedMessageException(count + " keys");
    }
    List<ByteBuf> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(RawStrings.readKey(in));
    }
    return new DescribeRecords(keys);
  }

  @Override
  public Method method() {
    return Method.DESCRIBE_RECORDS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeArrayHeader(out, keys.size());
    keys.forEach(key -> MsgPack.writeRaw(out, key));
  }

  public static List<RecordReport> readResult(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_KEYS) {
      throw new MalformedMessageException(count + " records");
    }
    List<RecordReport> reports = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      reports.add(RecordReport.read(in));
    }
    return reports;
  }

  public static void writeResult(ByteBuf out, List<RecordReport> reports) {
    MsgPack.writeArrayHeader(out, reports.size());
    reports.forEach(report -> report.write(out));
  }
}
