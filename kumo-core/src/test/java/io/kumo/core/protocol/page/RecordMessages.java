package io.kumo.core.protocol.page;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.protocol.extended.RepairRecord;
import io.kumo.core.protocol.repair.DigestDepth;
import io.kumo.core.protocol.repair.DigestList;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.protocol.write.ExtReplicateResult;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.RangeDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Messages about records. */
final class RecordMessages {
  private static final String KEY = "raw key: hash, key1";
  private static final String VALUE = "raw value: ClockTime, meta, flags, expiry, v1";
  private static final String CLOCK_TIME = "ClockTime";
  private static final String SPACE = "ClockTime of the sender's write hash space";
  private static final String SENDER = "sender";
  private static final String GATEWAY = "gateway incarnation";
  private static final String SEQUENCE = "sequence";
  private static final String WHOLE = "every request of the last while is among them";
  private static final String REFUSED = "refused";

  private RecordMessages() {}

  static List<WireEntry> all() {
    return List.of(
        extGet(),
        mutate(),
        extMultiGet(),
        compare(),
        extReplicate(),
        fetch(),
        list(),
        digests(),
        window(),
        confirm(),
        handoff(),
        repair());
  }

  private static WireEntry extGet() {
    return WireEntry.of(
            new ExtGet(SampleBytes.key(), SampleBytes.TIME),
            KEY,
            "ClockTime of the copy that the gateway has; left out without one")
        .gives(ExtGetResult.found(SampleBytes.value())::write, ExtGetResult::read, "status", VALUE);
  }

  private static WireEntry mutate() {
    MutateOperands operands = MutateOperands.ofItem(5, 0);
    Mutate set =
        new Mutate(
            Operation.SET,
            MutateOptions.CLIENT_TIMES,
            SampleBytes.key(),
            SampleBytes.data(),
            operands,
            SampleBytes.ID);
    long time = SampleBytes.TIME;
    MutateResult stored = new MutateResult(MutateStatus.STORED, time, time, null, 0, null);
    return WireEntry.of(
            set,
            "operation",
            KEY,
            "data: v1",
            "flags",
            "expiry",
            "expiry of what is made because it was absent",
            "options",
            "CAS to compare with",
            "delta",
            "initial value",
            "CAS that the client chose",
            GATEWAY,
            SEQUENCE)
        .gives(
            stored::write,
            MutateResult::read,
            "status",
            CLOCK_TIME,
            "CAS",
            "raw value, when it was asked for",
            "tokens");
  }

  private static WireEntry extMultiGet() {
    ByteBuf keys = Unpooled.buffer();
    MsgPack.writeRaw(keys, SampleBytes.key());
    MsgPack.writeRaw(keys, SampleBytes.key());
    ByteBuf copies = Unpooled.buffer();
    MsgPack.writeUnsigned(copies, 0);
    MsgPack.writeUnsigned(copies, SampleBytes.TIME);
    return WireEntry.of(
            new ExtMultiGet(2, keys, copies),
            "keys",
            KEY,
            KEY,
            "ClockTimes of copies; left out without any",
            "no copy",
            "copy of the second")
        .gives(
            out -> {
              MsgPack.writeArrayHeader(out, 2);
              MsgPack.writeRaw(out, SampleBytes.value());
              MsgPack.writeBool(out, true);
            },
            MsgPack::readObject,
            VALUE,
            "the copy is good");
  }

  private static WireEntry compare() {
    return WireEntry.of(new RepairRecord(Method.COMPARE_RECORD, SampleBytes.key()), KEY)
        .givesBool("it will, as the coordinator");
  }

  private static WireEntry repair() {
    return WireEntry.of(new RepairRecord(Method.REPAIR_RECORD, SampleBytes.key()), KEY)
        .givesBool("it will, as the coordinator");
  }

  private static WireEntry extReplicate() {
    ExtReplicate passedOn =
        new ExtReplicate(
            SampleBytes.TIME,
            0,
            SampleBytes.key(),
            SampleBytes.value(),
            SampleBytes.FENCE,
            SampleBytes.ID,
            SampleBytes.HISTORY);
    return WireEntry.of(
            passedOn,
            CLOCK_TIME,
            "flags",
            KEY,
            VALUE,
            SPACE,
            SENDER,
            GATEWAY,
            SEQUENCE,
            "its requests; left out, like what follows, when it is just being written",
            GATEWAY,
            SEQUENCE,
            "ClockTime that it gave",
            WHOLE)
        .gives(
            ExtReplicateResult.stored(SampleBytes.TIME)::write,
            ExtReplicateResult::read,
            "status",
            "ClockTime of what the replica has");
  }

  private static WireEntry fetch() {
    return WireEntry.of(
            new Fetch(SampleBytes.key(), SampleBytes.TIME - 1, 0x1234, SampleBytes.FENCE),
            KEY,
            "ClockTime of the sender's record, 0 for none",
            "CRC-32C of its raw value",
            SPACE,
            SENDER)
        .gives(
            FetchResult.value(SampleBytes.TIME, SampleBytes.value(), SampleBytes.HISTORY)::write,
            FetchResult::read,
            "status",
            CLOCK_TIME,
            VALUE,
            "its requests",
            GATEWAY,
            SEQUENCE,
            "ClockTime that it gave",
            WHOLE);
  }

  private static WireEntry list() {
    RecordList.Entry entry = new RecordList.Entry(SampleBytes.key(), SampleBytes.TIME);
    return WireEntry.of(
            new ListRecords(1, 1L << 62, SampleBytes.FENCE),
            "from this hash",
            SPACE,
            SENDER,
            "to this hash, included")
        .gives(
            new RecordList(false, 9, List.of(entry), null)::write,
            RecordList::read,
            REFUSED,
            "hash to go on from; nil when that was all",
            "records",
            KEY,
            CLOCK_TIME);
  }

  private static WireEntry digests() {
    List<HashRange> ranges = List.of(new HashRange(1, 0xff));
    DigestList answer = new DigestList(List.of(new RangeDigest(0x77, 3)), false, 0, null);
    return WireEntry.of(
            new DigestRanges(ranges, DigestDepth.VALUES, false, SampleBytes.FENCE),
            "ranges",
            "from",
            "to, included",
            "depth: 0 keys and ClockTimes, 1 values, too",
            "of what is about to be copied",
            SPACE,
            SENDER)
        .gives(
            answer::write,
            DigestList::read,
            REFUSED,
            "hash from which the last range is missing",
            "digests",
            "sum",
            "records");
  }

  private static WireEntry window() {
    List<HashRange> ranges = List.of(new HashRange(0, 0xff));
    GiveWindow.Coverage coverage = new GiveWindow.Coverage(ranges, ranges, List.of(3L));
    GiveWindow.KeyRequest request =
        new GiveWindow.KeyRequest(5, SampleBytes.HISTORY.requests().get(0));
    return WireEntry.of(
            new GiveWindow(SampleBytes.SPACE_TIME, SampleBytes.STREAM, List.of(request), coverage),
            SPACE,
            "stream address that the records came from",
            "requests",
            GATEWAY,
            SEQUENCE,
            "hash of the key",
            "ClockTime that it gave",
            "coverage of all messages, in the last; else nil",
            "ranges that were copied",
            "from",
            "to, included",
            "ranges of which every request is told",
            "from",
            "to, included",
            "but for these hashes",
            "hash")
        .givesBool("kept");
  }

  private static WireEntry confirm() {
    ConfirmRecords.RecordVersion version =
        new ConfirmRecords.RecordVersion(SampleBytes.key(), SampleBytes.TIME, 0x1234);
    return WireEntry.of(
            new ConfirmRecords(List.of(version)),
            "record",
            KEY,
            CLOCK_TIME,
            "CRC-32C of its raw value; left out when any value counts")
        .gives(
            out -> MsgPack.writeRaw(out, new byte[] {1}),
            MsgPack::readRaw,
            "a byte for each record: 1 it has, 0 it has not");
  }

  private static WireEntry handoff() {
    return WireEntry.of(
            new Handoff(SampleBytes.key(), SampleBytes.value(), true, SampleBytes.HISTORY),
            KEY,
            VALUE,
            "owned until the present rebalance",
            "its requests",
            GATEWAY,
            SEQUENCE,
            "ClockTime that it gave",
            WHOLE)
        .givesBool("the owner has it, this new or newer, or knows that it was deleted");
  }
}
