package io.kumo.testkit.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.core.item.Conditions;
import io.kumo.core.item.Item;
import io.kumo.core.item.Mutation;
import io.kumo.core.item.Outcome;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.extended.RepairRecord;
import io.kumo.core.protocol.original.Delete;
import io.kumo.core.protocol.original.DeleteResult;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.GetIfModified;
import io.kumo.core.protocol.original.Set;
import io.kumo.core.protocol.original.SetResult;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.store.ClockOrder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A server as gateways see it: one replica of whatever it is sent and no disk, extended or as
 * kumofs 0.4.13, that can misbehave.
 */
public final class FakeServer {
  private final NodeAddress address;
  private final boolean extended;
  private final Map<String, byte[]> records = new HashMap<>();
  private final Map<RequestId, MutateResult> remembered = new HashMap<>();
  private final List<RequestId> requestIds = new ArrayList<>();
  private final MemoryHost host;
  private final List<String> compared = new ArrayList<>();
  private long clock = 1L << 32;
  private boolean silent;
  private int losesReplies;
  private int missesReplicas;
  private @Nullable PublishedSpaces refusal;
  private @Nullable String failure;
  private @Nullable Runnable beforeSwap;
  private int reads;
  private int copiesConfirmed;

  /** Listens there. */
  public FakeServer(MemoryHost host, NodeAddress address, boolean extended) {
    this.address = address;
    this.extended = extended;
    this.host = host;
    RpcEndpoint endpoint = new RpcEndpoint(host, null, RpcOptions.DEFAULT, new Random(3));
    endpoint.handle(Method.GET, Get.class, (get, caller, reply) -> get(get, reply));
    endpoint.handle(
        Method.GET_IF_MODIFIED,
        GetIfModified.class,
        (get, caller, reply) -> getIfModified(get, reply));
    endpoint.handle(Method.SET, Set.class, (set, caller, reply) -> set(set, reply));
    endpoint.handle(Method.DELETE, Delete.class, (delete, caller, reply) -> delete(delete, reply));
    endpoint.handle(
        Method.GET_STATUS,
        GetStatus.class,
        (status, caller, reply) ->
            reply.unsigned(
                status.command() == StatusField.CLOCK_TIME.id() ? clock : records.size()));
    if (extended) {
      endpoint.handle(Method.EXT_GET, ExtGet.class, (get, caller, reply) -> extGet(get, reply));
      endpoint.handle(
          Method.EXT_MULTI_GET, ExtMultiGet.class, (get, caller, reply) -> multiGet(get, reply));
      endpoint.handle(Method.MUTATE, Mutate.class, (m, caller, reply) -> mutate(m, reply));
      endpoint.handle(
          Method.COMPARE_RECORD, RepairRecord.class, (m, caller, reply) -> compare(m, reply));
    }
    try {
      endpoint.listen(address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public NodeAddress address() {
    return address;
  }

  public boolean isExtended() {
    return extended;
  }

  /** Takes requests and answers none. */
  public void fallSilent() {
    silent = true;
  }

  /** Answers again what comes from now on. */
  public void recover() {
    silent = false;
  }

  /** Applies the next so many writes without answering. */
  public void loseReplies(int count) {
    losesReplies = count;
  }

  /** As an original, says of the next so many writes that a replica was not reached. */
  public void missReplicas(int count) {
    missesReplicas = count;
  }

  private boolean missesReplica() {
    boolean misses = missesReplicas > 0;
    missesReplicas -= misses ? 1 : 0;
    return misses;
  }

  /** Refuses everything, showing this view. */
  public void refuse(PublishedSpaces view) {
    refusal = view;
  }

  /** Serves again. */
  public void refuseNoMore() {
    refusal = null;
  }

  /** Fails every write, giving this reason. */
  public void failWrites(String reason) {
    failure = reason;
  }

  /** Does something once, when the next compare-and-swap has arrived. */
  public void beforeSwap(Runnable action) {
    beforeSwap = action;
  }

  /** The ids of the writes that arrived, in order. */
  public List<RequestId> requestIds() {
    return requestIds;
  }

  /** Reads that arrived. */
  public int reads() {
    return reads;
  }

  /** Reads that were answered by saying that the gateway's copy is good. */
  public int copiesConfirmed() {
    return copiesConfirmed;
  }

  /** The users' keys whose replicas it was asked to compare, answered or not. */
  public List<String> compared() {
    return compared;
  }

  /** Whether there is a record, a tombstone perhaps, that ends with this user's key. */
  public boolean has(String key) {
    return records.keySet().stream().anyMatch(raw -> raw.endsWith(hex(key)));
  }

  /** The record whose user's key this is, in hex. */
  public String hexOf(String key) {
    return records.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(hex(key)))
        .map(entry -> ByteBufUtil.hexDump(entry.getValue()))
        .findFirst()
        .orElseThrow();
  }

  /** What it issues from now on is newer than this. */
  public void setClock(long clockTime) {
    clock = clockTime;
  }

  /** Deletes behind the gateway's back. */
  public void erase(String key) {
    ByteBuf rawKey =
        RawKey.encode(UnpooledByteBufAllocator.DEFAULT, Unpooled.copiedBuffer(key, ISO_8859_1));
    bury(rawKey);
    rawKey.release();
  }

  /** Stores a value behind the gateway's back. */
  public void rewrite(String key, String value) {
    ByteBuf data = Unpooled.copiedBuffer(value, ISO_8859_1);
    ByteBuf rawKey =
        RawKey.encode(UnpooledByteBufAllocator.DEFAULT, Unpooled.copiedBuffer(key, ISO_8859_1));
    ByteBuf record = Item.encode(UnpooledByteBufAllocator.DEFAULT, ++clock, 0, 0, data);
    records.put(name(rawKey), ByteBufUtil.getBytes(record));
    record.release();
    rawKey.release();
  }

  private static String hex(String key) {
    return ByteBufUtil.hexDump(key.getBytes(ISO_8859_1));
  }

  public long clock() {
    return clock;
  }

  public MemoryHost host() {
    return host;
  }

  private static String name(ByteBuf key) {
    return ByteBufUtil.hexDump(key);
  }

  private @Nullable ByteBuf record(ByteBuf key) {
    byte[] record = records.get(name(key));
    return record == null ? null : Unpooled.wrappedBuffer(record);
  }

  private void get(Get get, Replier reply) {
    reads++;
    ByteBuf record = record(get.key());
    if (silent) {
      return;
    }
    if (record == null || Item.isTombstone(record)) {
      reply.nil();
    } else {
      reply.raw(record);
    }
  }

  private void extGet(ExtGet get, Replier reply) {
    reads++;
    if (silent) {
      return;
    }
    ByteBuf record = record(get.key());
    ExtGetResult result =
        refusal != null
            ? ExtGetResult.refused(refusal)
            : record == null || Item.isTombstone(record)
                ? ExtGetResult.NOT_FOUND
                : confirms(record, get.copyClockTime())
                    ? ExtGetResult.COPY_IS_GOOD
                    : ExtGetResult.found(record);
    result.write(reply.begin());
  }

  private boolean confirms(ByteBuf record, long copyClockTime) {
    boolean good = Item.clockTime(record) == copyClockTime;
    copiesConfirmed += good ? 1 : 0;
    return good;
  }

  private void getIfModified(GetIfModified get, Replier reply) {
    reads++;
    if (silent) {
      return;
    }
    ByteBuf record = record(get.key());
    if (record != null && isAsOldAs(Item.clockTime(record), get.clockTime())) {
      copiesConfirmed++;
      reply.bool(true);
    } else if (record == null || Item.isTombstone(record)) {
      reply.nil();
    } else {
      reply.raw(record);
    }
  }

  /** By the order of kumofs 0.4.13, which knows tombstones here. */
  private static boolean isAsOldAs(long clockTime, long other) {
    return clockTime == other || ClockOrder.ORIGINAL.compare(clockTime, other) < 0;
  }

  private void compare(RepairRecord message, Replier reply) {
    ByteBuf key = message.key();
    compared.add(key.toString(key.readerIndex() + Long.BYTES, key.readableBytes() - 8, ISO_8859_1));
    if (!silent) {
      reply.bool(true);
    }
  }

  private void multiGet(ExtMultiGet get, Replier reply) {
    reads++;
    if (silent) {
      return;
    }
    ByteBuf out = reply.begin();
    MsgPack.writeArrayHeader(out, get.count());
    get.forEach(
        (key, copy) -> {
          ByteBuf record = record(key);
          if (refusal != null) {
            MsgPack.writeBool(out, false);
          } else if (record == null || Item.isTombstone(record)) {
            MsgPack.writeNil(out);
          } else if (confirms(record, copy)) {
            MsgPack.writeBool(out, true);
          } else {
            MsgPack.writeRaw(out, record);
          }
        });
  }

  private void mutate(Mutate mutate, Replier reply) {
    requestIds.add(mutate.id());
    if (silent) {
      return;
    }
    if (refusal != null) {
      MutateResult.refused(refusal).write(reply.begin());
      return;
    }
    if (failure != null) {
      MutateResult.failed(failure).write(reply.begin());
      return;
    }
    MutateResult result = remembered.computeIfAbsent(mutate.id(), id -> apply(mutate));
    if (losesReplies > 0) {
      losesReplies--;
    } else {
      result.write(reply.begin());
    }
  }

  private MutateResult apply(Mutate mutate) {
    Conditions conditions =
        new Conditions(
            ++clock, host.time().unixMillis() / 1000, 0, 1 << 20, UnpooledByteBufAllocator.DEFAULT);
    ByteBuf current = record(mutate.key());
    Outcome outcome = Mutation.apply(mutate, current, conditions);
    ByteBuf stored = outcome.record();
    if (stored != null) {
      records.put(name(mutate.key()), ByteBufUtil.getBytes(stored));
      stored.release();
    }
    ByteBuf after = mutate.has(MutateOptions.RETURN_VALUE) ? record(mutate.key()) : null;
    return new MutateResult(outcome.status(), clock, outcome.cas(), after, outcome.tokens(), null);
  }

  private void set(Set set, Replier reply) {
    if (silent) {
      return;
    }
    byte[] value = ByteBufUtil.getBytes(set.value());
    if (set.operation() == Set.COMPARE_AND_SWAP) {
      Runnable action = beforeSwap;
      beforeSwap = null;
      if (action != null) {
        action.run();
      }
      ByteBuf current = record(set.key());
      boolean matches = current == null || Item.clockTime(current) == Item.clockTime(set.value());
      if (!matches) {
        new SetResult(SetResult.Status.MISMATCH, 0).write(reply.begin());
        return;
      }
    }
    long clockTime = ++clock;
    Unpooled.wrappedBuffer(value).setLong(0, clockTime);
    records.put(name(set.key()), value);
    if (missesReplica()) {
      reply.nil();
    } else {
      new SetResult(SetResult.Status.STORED, clockTime).write(reply.begin());
    }
  }

  private void delete(Delete delete, Replier reply) {
    if (silent) {
      return;
    }
    bury(delete.key());
    (missesReplica() ? DeleteResult.FAILED : DeleteResult.DELETED).write(reply.begin());
  }

  private void bury(ByteBuf key) {
    byte[] tombstone = new byte[Item.TOMBSTONE_BYTES];
    Unpooled.wrappedBuffer(tombstone).setLong(0, ++clock);
    records.put(name(key), tombstone);
  }
}
