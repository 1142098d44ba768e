package io.kumo.server.rebalance;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.HandOver;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that all owners of some strangers have them, this new or newer, and gives them to
 * those that have not. Asks each owner once for all of its records; a kumofs 0.4.13 owner, which
 * cannot be asked, is sent each record, which it ignores if it has it. Confined to the main loop.
 */
final class Confirmation {
  private static final Logger log = LoggerFactory.getLogger(Confirmation.class);
  private static final long TIMEOUT_NS = Duration.ofSeconds(10).toNanos();

  private final RpcEndpoint endpoint;
  private final Store store;
  private final List<Stranger> strangers;
  private final Consumer<List<Stranger>> done;
  private final Set<Stranger> doubtful = new HashSet<>();
  private int open = 1;

  /**
   * @param done given those that every owner has, in the end
   */
  Confirmation(
      RpcEndpoint endpoint, Store store, List<Stranger> strangers, Consumer<List<Stranger>> done) {
    this.endpoint = endpoint;
    this.store = store;
    this.strangers = strangers;
    this.done = done;
  }

  void start() {
    assert endpoint.transport().inLoop();
    Map<NodeAddress, List<Stranger>> byOwner = new TreeMap<>();
    for (Stranger stranger : strangers) {
      stranger
          .owners()
          .forEach(owner -> byOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(stranger));
    }
    for (Map.Entry<NodeAddress, List<Stranger>> entry : byOwner.entrySet()) {
      Guard guard = endpoint.transport().guard();
      if (!guard.run("confirmation", "strangers", this::ask, entry.getKey(), entry.getValue())) {
        doubtful.addAll(entry.getValue());
      }
    }
    close();
  }

  private void ask(NodeAddress owner, List<Stranger> theirs) {
    Peer peer = endpoint.peer(owner);
    if (peer.role() != null && !Capabilities.isExtended(peer.capabilities())) {
      theirs.forEach(stranger -> sendToOriginal(peer, stranger));
      return;
    }
    List<ConfirmRecords.Entry> entries =
        theirs.stream().map(s -> new ConfirmRecords.Entry(s.key(), s.clockTime())).toList();
    call(
        peer,
        new ConfirmRecords(entries),
        theirs,
        result -> {
          byte[] has = MsgPack.readBytes(result, ConfirmRecords.MAX_ENTRIES);
          for (int i = 0; i < theirs.size(); i++) {
            if (i >= has.length || has[i] == 0) {
              handOver(peer, theirs.get(i));
            }
          }
        });
  }

  private void handOver(Peer owner, Stranger stranger) {
    withValue(
        stranger,
        value ->
            call(
                owner,
                new HandOver(stranger.key(), value, stranger.owned()),
                List.of(stranger),
                result -> {
                  if (!MsgPack.readBool(result)) {
                    doubtful.add(stranger);
                  }
                }));
  }

  private void sendToOriginal(Peer owner, Stranger stranger) {
    withValue(
        stranger,
        value -> {
          int counter = (int) stranger.clockTime();
          long clock = Integer.toUnsignedLong(counter);
          Message message =
              value.readableBytes() == Store.TOMBSTONE_BYTES
                  ? new ReplicateDelete(clock, 0, stranger.clockTime(), stranger.key())
                  : new ReplicateSet(clock, 0, stranger.key(), value);
          call(owner, message, List.of(stranger), result -> {});
        });
  }

  private void withValue(Stranger stranger, Consumer<ByteBuf> use) {
    ByteBuf value = read(stranger);
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
  private @Nullable ByteBuf read(Stranger stranger) {
    try {
      return store.get(stranger.key());
    } catch (StoreException e) {
      log.warn("a record that belongs elsewhere stays: {}", e.getMessage());
      doubtful.add(stranger);
      return null;
    }
  }

  private interface Reader {
    void read(ByteBuf result) throws MalformedMessageException;
  }

  private void call(Peer peer, Message message, List<Stranger> about, Reader reader) {
    open++;
    peer.call(message, TIMEOUT_NS, new Question(about, reader));
  }

  /** One call; whatever its answer leads to, it is over then. */
  private final class Question implements ReplyHandler {
    private final List<Stranger> about;
    private final Reader reader;
    private boolean over;

    Question(List<Stranger> about, Reader reader) {
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
      done.accept(strangers.stream().filter(s -> !doubtful.contains(s)).toList());
    }
  }
}
