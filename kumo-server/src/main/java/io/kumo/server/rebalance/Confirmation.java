package io.kumo.server.rebalance;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.protocol.original.ReplicateDelete;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that all owners of some non-owned records have them, this new or newer, and gives them
 * to those that have not. Asks each owner once for all of its records; a kumofs 0.4.13 owner, which
 * cannot be asked, is sent each record, which it ignores if it has it. Confined to the main loop.
 */
final class Confirmation {
  private static final Logger log = LoggerFactory.getLogger(Confirmation.class);
  private static final long TIMEOUT_NS = Duration.ofSeconds(10).toNanos();

  private final RpcEndpoint endpoint;
  private final Store store;
  private final List<NonOwnedRecord> records;
  private final LongFunction<RequestHistory> history;
  private final Consumer<List<NonOwnedRecord>> done;
  private final Set<NonOwnedRecord> doubtful = new HashSet<>();
  private int open = 1;

  /**
   * @param history by which requests the record of a hash came to be what it is
   * @param done given those that every owner has, in the end
   */
  Confirmation(
      RpcEndpoint endpoint,
      Store store,
      List<NonOwnedRecord> records,
      LongFunction<RequestHistory> history,
      Consumer<List<NonOwnedRecord>> done) {
    this.endpoint = endpoint;
    this.store = store;
    this.records = records;
    this.history = history;
    this.done = done;
  }

  void start() {
    assert endpoint.transport().inLoop();
    Map<NodeAddress, List<NonOwnedRecord>> byOwner = new TreeMap<>();
    for (NonOwnedRecord record : records) {
      record
          .owners()
          .forEach(owner -> byOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(record));
    }
    for (Map.Entry<NodeAddress, List<NonOwnedRecord>> entry : byOwner.entrySet()) {
      Guard guard = endpoint.transport().guard();
      if (!guard.run(
          "confirmation", "non-owned records", this::ask, entry.getKey(), entry.getValue())) {
        doubtful.addAll(entry.getValue());
      }
    }
    close();
  }

  private void ask(NodeAddress owner, List<NonOwnedRecord> theirs) {
    Peer peer = endpoint.peer(owner);
    if (peer.role() != null && !Capabilities.isExtended(peer.capabilities())) {
      theirs.forEach(record -> sendToOriginal(peer, record));
      return;
    }
    List<ConfirmRecords.RecordVersion> entries =
        theirs.stream().map(s -> new ConfirmRecords.RecordVersion(s.key(), s.clockTime())).toList();
    call(
        peer,
        new ConfirmRecords(entries),
        theirs,
        result -> {
          byte[] has = MsgPack.readBytes(result, ConfirmRecords.MAX_ENTRIES);
          for (int i = 0; i < theirs.size(); i++) {
            if (i >= has.length || has[i] == 0) {
              handOff(peer, theirs.get(i));
            }
          }
        });
  }

  private void handOff(Peer owner, NonOwnedRecord record) {
    withValue(
        record,
        value ->
            call(
                owner,
                new Handoff(
                    record.key(), value, record.owned(), history.apply(record.key().getLong(0))),
                List.of(record),
                result -> {
                  if (!MsgPack.readBool(result)) {
                    doubtful.add(record);
                  }
                }));
  }

  private void sendToOriginal(Peer owner, NonOwnedRecord record) {
    withValue(
        record,
        value -> {
          int counter = (int) record.clockTime();
          long clock = Integer.toUnsignedLong(counter);
          Message message =
              value.readableBytes() == Store.TOMBSTONE_BYTES
                  ? new ReplicateDelete(clock, 0, record.clockTime(), record.key())
                  : new ReplicateSet(clock, 0, record.key(), value);
          call(owner, message, List.of(record), result -> {});
        });
  }

  private void withValue(NonOwnedRecord record, Consumer<ByteBuf> use) {
    ByteBuf value = read(record);
    if (value == null) {
      return;
    }
    try {
      use.accept(value);
    } finally {
      value.release();
    }
  }

  /** What cannot be read is not removed either; null also when there is nothing any more. */
  private @Nullable ByteBuf read(NonOwnedRecord record) {
    try {
      return store.get(record.key());
    } catch (StoreException e) {
      log.warn("a record that belongs elsewhere stays: {}", e.getMessage());
      doubtful.add(record);
      return null;
    }
  }

  private interface AnswerReader {
    void read(ByteBuf result) throws MalformedMessageException;
  }

  private void call(Peer peer, Message message, List<NonOwnedRecord> about, AnswerReader reader) {
    open++;
    peer.call(message, TIMEOUT_NS, new OwnerCall(about, reader));
  }

  /** One call; whatever its answer leads to, it is over then. */
  private final class OwnerCall implements ReplyHandler {
    private final List<NonOwnedRecord> about;
    private final AnswerReader reader;
    private boolean over;

    OwnerCall(List<NonOwnedRecord> about, AnswerReader reader) {
      this.about = about;
      this.reader = reader;
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      boolean understood = false;
      try {
        reader.read(result);
        understood = true;
      } finally {
        end(understood);
      }
    }

    @Override
    public void error(ErrorCode code, String detail) {
      end(false);
    }

    private void end(boolean understood) {
      if (!over) {
        over = true;
        if (!understood) {
          doubtful.addAll(about);
        }
        close();
      }
    }
  }

  private void close() {
    open--;
    if (open == 0) {
      done.accept(records.stream().filter(s -> !doubtful.contains(s)).toList());
    }
  }
}
