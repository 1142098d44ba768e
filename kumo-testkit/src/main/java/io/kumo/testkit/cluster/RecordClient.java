package io.kumo.testkit.cluster;

import static io.kumo.testkit.cluster.Rings.coordinator;
import static io.kumo.testkit.cluster.StoredRecords.bytes;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads and writes records at the servers of a cluster as a gateway does; lets time pass. */
public final class RecordClient {
  private static final int ATTEMPTS = 50;
  private static final int RETRY_MS = 200;

  private final MemoryCluster cluster;

  public RecordClient(MemoryCluster cluster) {
    this.cluster = cluster;
  }

  /** A write without a request id; it adds 1 where it counts. */
  public static Mutate mutation(Operation operation, String key, String value) {
    MutateOperands operands = MutateOperands.ofItem(0, 0).withDelta(1, 0);
    return new Mutate(operation, 0, rawKey(key), bytes(value), operands, RequestId.NONE);
  }

  public MutateResult mutate(NodeAddress server, Operation operation, String key, String value)
      throws MalformedMessageException {
    return MutateResult.read(cluster.call(server, mutation(operation, key, value)).result());
  }

  /** Stores a value at its coordinator, as the lower manager knows it, until that is done. */
  public void set(String key, String value) {
    write(Operation.SET, key, value);
  }

  /** Deletes a record in the same way; that there is none is well, too. */
  public void delete(String key) {
    write(Operation.DELETE, key, "");
  }

  private void write(Operation operation, String key, String value) {
    for (int i = 0; i < ATTEMPTS; i++) {
      NodeAddress to = coordinator(cluster.spaces(MemoryCluster.LOWER).write(), key);
      if (isDone(cluster.call(to, mutation(operation, key, value)))) {
        return;
      }
      cluster.runMillis(RETRY_MS);
    }
    throw new AssertionError("cannot write " + key);
  }

  private static boolean isDone(CallResult answer) {
    if (answer.error() != null) {
      return false;
    }
    try {
      MutateStatus status = MutateResult.read(answer.result()).status();
      return status != MutateStatus.REFUSED && status != MutateStatus.FAILED;
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  /** The item's data, null when there is none, or what else the server answers. */
  public @Nullable String get(NodeAddress server, String key) throws MalformedMessageException {
    ExtGetResult result = read(server, new ExtGet(rawKey(key)));
    return switch (result.status()) {
      case FOUND -> data(Objects.requireNonNull(result.value()));
      case NOT_FOUND -> null;
      case REFUSED, FAILED, COPY_IS_GOOD -> result.status().name();
    };
  }

  /** The version of the record as its coordinator answers. */
  public long clockTime(NodeAddress server, String key) throws MalformedMessageException {
    return Item.clockTime(Objects.requireNonNull(read(server, new ExtGet(rawKey(key))).value()));
  }

  /** The data of the item, or the status where there is none in the answer. */
  public String getIfNewer(NodeAddress server, String key, long copyClockTime)
      throws MalformedMessageException {
    ExtGetResult result = read(server, new ExtGet(rawKey(key), copyClockTime));
    ByteBuf value = result.value();
    return value == null ? result.status().name() : data(value);
  }

  private ExtGetResult read(NodeAddress server, ExtGet get) throws MalformedMessageException {
    return ExtGetResult.read(cluster.call(server, get).result());
  }

  /** What a server answers to a read of several keys: data, null for none, "?" for not looked. */
  public List<@Nullable String> multiGet(NodeAddress server, String... keys)
      throws MalformedMessageException {
    return multiGet(server, List.of(), keys);
  }

  /** The same, from a gateway with copies of these versions; "true" for one that is good. */
  public List<@Nullable String> multiGet(NodeAddress server, List<Long> copies, String... keys)
      throws MalformedMessageException {
    ByteBuf encoded = Unpooled.buffer();
    for (String key : keys) {
      MsgPack.writeRaw(encoded, rawKey(key));
    }
    ByteBuf clockTimes = copies.isEmpty() ? null : Unpooled.buffer();
    copies.forEach(copy -> MsgPack.writeUnsigned(Objects.requireNonNull(clockTimes), copy));
    ExtMultiGet get = new ExtMultiGet(keys.length, encoded, clockTimes);
    return values(cluster.call(server, get).result());
  }

  private static List<@Nullable String> values(ByteBuf result) throws MalformedMessageException {
    List<@Nullable String> values = new ArrayList<>();
    int count = MsgPack.readArrayHeader(result);
    for (int i = 0; i < count; i++) {
      if (MsgPack.tryReadNil(result)) {
        values.add(null);
      } else if (MsgPack.isBool(result)) {
        values.add(MsgPack.readBool(result) ? "true" : "?");
      } else {
        values.add(data(MsgPack.readRaw(result)));
      }
    }
    if (result.isReadable()) {
      throw new AssertionError("more than " + count + " values in the answer");
    }
    return values;
  }

  private static String data(ByteBuf item) {
    return Item.data(item, ItemLayout.KUMO).toString(UTF_8);
  }
}
