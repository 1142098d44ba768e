package io.kumo.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.extended.Mutate;
import io.kumo.core.protocol.extended.MutateOperands;
import io.kumo.core.protocol.extended.MutateResult;
import io.kumo.core.protocol.extended.Operation;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Servers on a network in memory, told their hash spaces by the test, and a client of them. */
final class ServerNodes {
  /** A call that may not have been answered yet. */
  static final class Answer implements ReplyHandler {
    @Nullable ByteBuf result;
    @Nullable ErrorCode error;

    @Override
    public void reply(ByteBuf encoded) {
      result = Unpooled.copiedBuffer(encoded);
    }

    @Override
    public void error(ErrorCode code, String detail) {
      error = code;
    }

    boolean done() {
      return result != null || error != null;
    }

    ByteBuf result() {
      return Objects.requireNonNull(result, () -> "no result, error " + error);
    }
  }

  private static final NodeAddress CLIENT = address(99);

  final MemoryNetwork network = new MemoryNetwork();
  private final Map<NodeAddress, ServerNode> nodes = new LinkedHashMap<>();
  private final Map<NodeAddress, MemoryStore> stores = new LinkedHashMap<>();
  final Map<NodeAddress, MemoryHost> hosts = new LinkedHashMap<>();
  private final RpcEndpoint client;
  private final Random random = new Random(1);

  ServerNodes(int count) {
    MemoryHost host = network.start(CLIENT);
    client = new RpcEndpoint(host, null, RpcOptions.DEFAULT, random);
    for (int i = 1; i <= count; i++) {
      start(address(i));
    }
  }

  static NodeAddress address(int last) {
    return NodeAddress.of(new byte[] {127, 0, 0, (byte) last}, 19800);
  }

  ServerNode start(NodeAddress address, NodeAddress... managers) {
    MemoryStore store = stores.computeIfAbsent(address, a -> new MemoryStore());
    NodeAddress stream = NodeAddress.fromBits(19900, address.ipv4());
    ServerConfig config = ServerConfig.of(address, stream, List.of(managers));
    MemoryHost host = network.start(address);
    hosts.put(address, host);
    ServerNode node = new ServerNode(host, store, config, RpcOptions.DEFAULT, random);
    try {
      node.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    nodes.put(address, node);
    return node;
  }

  void kill(NodeAddress address) {
    network.kill(address);
    nodes.remove(address);
  }

  ServerNode node(NodeAddress address) {
    return Objects.requireNonNull(nodes.get(address));
  }

  MemoryStore store(NodeAddress address) {
    return Objects.requireNonNull(stores.get(address));
  }

  static HashSpace space(long clockTime, NodeAddress... addresses) {
    List<Node> list = new ArrayList<>();
    for (NodeAddress address : addresses) {
      list.add(new Node(address, true));
    }
    return HashSpace.of(list, clockTime);
  }

  /** Gives every server the hash spaces. */
  void tell(HashSpace write, HashSpace read) {
    nodes.values().forEach(node -> node.spaces().offer(new HashSpaces(write, read)));
  }

  void run(Duration duration) {
    network.events().runFor(duration.toNanos());
  }

  /** Sends a request as a gateway does. */
  Answer send(NodeAddress server, Message message) {
    Answer answer = new Answer();
    client.peer(server).call(message, Duration.ofSeconds(20).toNanos(), answer);
    return answer;
  }

  /** Sends a request and lets the time pass that it takes, half a minute at most. */
  Answer call(NodeAddress server, Message message) {
    Answer answer = send(server, message);
    for (int i = 0; i < 3000 && !answer.done(); i++) {
      run(Duration.ofMillis(10));
    }
    return answer;
  }

  MutateResult mutate(NodeAddress server, Operation operation, String key, String value)
      throws MalformedMessageException {
    return MutateResult.read(call(server, mutation(operation, key, value)).result());
  }

  static Mutate mutation(Operation operation, String key, String value) {
    return new Mutate(
        operation,
        0,
        rawKey(key),
        bytes(value),
        MutateOperands.ofItem(0, 0).withDelta(1, 0),
        RequestId.NONE);
  }

  /** The data of the item as its coordinator answers; null when it says that there is none. */
  @Nullable String extGet(NodeAddress server, String key) throws MalformedMessageException {
    ExtGetResult result = ExtGetResult.read(call(server, new ExtGet(rawKey(key))).result());
    if (result.status() == ExtGetResult.Status.NOT_FOUND) {
      return null;
    }
    if (result.status() != ExtGetResult.Status.FOUND) {
      return result.status().name();
    }
    ByteBuf value = Objects.requireNonNull(result.value());
    return Item.data(value, ItemLayout.KUMO).toString(UTF_8);
  }

  /** The version of the record as its coordinator answers. */
  long clockTime(NodeAddress server, String key) throws MalformedMessageException {
    ExtGetResult result = ExtGetResult.read(call(server, new ExtGet(rawKey(key))).result());
    return Item.clockTime(Objects.requireNonNull(result.value()));
  }

  /** The data of the item, or the status where there is none in the answer. */
  String getIfNewer(NodeAddress server, String key, long copyClockTime)
      throws MalformedMessageException {
    ExtGet get = new ExtGet(rawKey(key), copyClockTime);
    ExtGetResult result = ExtGetResult.read(call(server, get).result());
    ByteBuf value = result.value();
    return value == null
        ? result.status().name()
        : Item.data(value, ItemLayout.KUMO).toString(UTF_8);
  }

  /** What a server answers to a read of several keys: data, null for none, "?" for not looked. */
  List<@Nullable String> extMultiGet(NodeAddress server, String... keys)
      throws MalformedMessageException {
    return extMultiGet(server, List.of(), keys);
  }

  /** The same, from a gateway with copies of these versions; "true" for one that is good. */
  List<@Nullable String> extMultiGet(NodeAddress server, List<Long> copies, String... keys)
      throws MalformedMessageException {
    ByteBuf encoded = Unpooled.buffer();
    for (String key : keys) {
      MsgPack.writeRaw(encoded, rawKey(key));
    }
    ByteBuf clockTimes = copies.isEmpty() ? null : Unpooled.buffer();
    copies.forEach(copy -> MsgPack.writeUnsigned(Objects.requireNonNull(clockTimes), copy));
    ByteBuf result = call(server, new ExtMultiGet(keys.length, encoded, clockTimes)).result();
    List<@Nullable String> values = new ArrayList<>();
    int count = MsgPack.readArrayHeader(result);
    for (int i = 0; i < count; i++) {
      if (MsgPack.tryReadNil(result)) {
        values.add(null);
      } else if (MsgPack.isBool(result)) {
        values.add(MsgPack.readBool(result) ? "true" : "?");
      } else {
        values.add(Item.data(MsgPack.readRaw(result), ItemLayout.KUMO).toString(UTF_8));
      }
    }
    assertThat(result.isReadable()).isFalse();
    return values;
  }

  static ByteBuf rawKey(String key) {
    byte[] user = key.getBytes(UTF_8);
    return Unpooled.buffer().writeLong(KeyHash.of(user)).writeBytes(user);
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  static NodeAddress coordinator(HashSpace space, String key) {
    return Objects.requireNonNull(space.coordinator(KeyHash.of(key.getBytes(UTF_8))));
  }
}
